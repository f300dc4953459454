using System;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Threading;

// Parent or child over .NET's anonymous pipes.
//   parent MODE PROGRAM ARGUMENT...   {in} and {out} become the handles of the child
//   child MODE HANDLE...              as the parent says
// See ../anonymous for the modes. The parent's exit code is 0 when everything was as expected.
static class Anonymous
{
    const int Size = 300000;
    const int ChildCode = 7;

    static byte[] Pattern(int seed)
    {
        var bytes = new byte[Size];
        for (int i = 0; i < Size; i++) bytes[i] = (byte)(i * 31 + i / 251 + seed);
        return bytes;
    }

    static bool ReadsPattern(Stream stream, int seed)
    {
        var expected = Pattern(seed);
        var buffer = new byte[10000];
        int total = 0, count;
        while ((count = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            for (int i = 0; i < count; i++)
                if (total + i >= Size || buffer[i] != expected[total + i]) return false;
            total += count;
        }
        return total == Size;
    }

    static void WritePattern(Stream stream, int seed)
    {
        stream.Write(Pattern(seed), 0, Size);
        stream.Flush();
        stream.Dispose();
    }

    static int Main(string[] args)
    {
        var rest = new string[args.Length - 2];
        Array.Copy(args, 2, rest, 0, rest.Length);
        return args[0] == "parent" ? Parent(args[1], rest) : Child(args[1], rest);
    }

    static int Child(string mode, string[] args)
    {
        switch (mode)
        {
            case "in":
                using (var pipe = new AnonymousPipeClientStream(PipeDirection.In, args[0]))
                    return ReadsPattern(pipe, 1) ? ChildCode : 1;
            case "out":
                WritePattern(new AnonymousPipeClientStream(PipeDirection.Out, args[0]), 2);
                return ChildCode;
            case "both":
                using (var input = new AnonymousPipeClientStream(PipeDirection.In, args[0]))
                using (var output = new AnonymousPipeClientStream(PipeDirection.Out, args[1]))
                {
                    if (!ReadsPattern(input, 1)) return 1;
                    WritePattern(output, 2);
                    return ChildCode;
                }
            default: // wait: says that it runs, and leaves a file when the parent is gone
                using (var input = new AnonymousPipeClientStream(PipeDirection.In, args[0]))
                using (var output = new AnonymousPipeClientStream(PipeDirection.Out, args[1]))
                {
                    output.WriteByte(1);
                    output.Flush();
                    input.ReadByte();
                    File.WriteAllText(args[2], "end of stream");
                    return ChildCode;
                }
        }
    }

    static int Parent(string mode, string[] command)
    {
        bool hasIn = mode != "out", hasOut = mode != "in";
        var down = hasIn ? new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable) : null;
        var up = hasOut ? new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable) : null;
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        string arguments = "";
        for (int i = 1; i < command.Length; i++)
        {
            string argument = command[i];
            if (hasIn) argument = argument.Replace("{in}", down.GetClientHandleAsString());
            if (hasOut) argument = argument.Replace("{out}", up.GetClientHandleAsString());
            // A backslash before the closing quote would escape it; none of the arguments ends so.
            arguments += (i > 1 ? " " : "") + "\"" + argument + "\"";
        }
        start.Arguments = arguments;
        using (var process = Process.Start(start))
        {
            if (hasIn) down.DisposeLocalCopyOfClientHandle();
            if (hasOut) up.DisposeLocalCopyOfClientHandle();
            bool good = true;
            if (mode == "wait")
            {
                good = up.ReadByte() == 1;
                Console.Out.WriteLine("child " + process.Id);
                Console.Out.Flush();
                good &= up.ReadByte() == -1;
                Console.Out.WriteLine("end of stream");
                Console.Out.Flush();
                return good ? 0 : 1;
            }
            if (hasIn) WritePattern(down, 1);
            if (hasOut) good = ReadsPattern(up, 2);
            process.WaitForExit();
            if (process.ExitCode != ChildCode) Console.Error.WriteLine("exit code " + process.ExitCode);
            return good && process.ExitCode == ChildCode ? 0 : 1;
        }
    }
}
