using System;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Principal;
using System.Text;
using System.Threading;

/// <summary>A client as in the documented example; any number of them at once. Exit codes: see the README.</summary>
internal sealed class PipeClient
{
  private const int Done = 0;
  private const int Failed = 1;
  private const int Usage = 2;
  private const int NotVerified = 3;
  private const int NoReply = 4;
  private const int NoServer = 5;

  private string name;
  private string file;
  private int clients = 1;
  private int seconds = 10;
  private bool expectNoReply;

  private static int Main(string[] args)
  {
    var client = new PipeClient();
    if (!client.Parse(args))
    {
      Console.Error.WriteLine(
          "usage: PipeClient --pipe NAME [--clients N] [--timeout SECONDS] [--expect-no-reply] FILE");
      return Usage;
    }
    return client.Run();
  }

  private bool Parse(string[] args)
  {
    for (int i = 0; i < args.Length; i++)
    {
      string option = args[i];
      if (!option.StartsWith("--", StringComparison.Ordinal))
      {
        if (file != null)
        {
          return false;
        }
        file = option;
        continue;
      }
      if (option == "--expect-no-reply")
      {
        expectNoReply = true;
        continue;
      }
      string value;
      int equals = option.IndexOf('=');
      if (equals >= 0)
      {
        value = option.Substring(equals + 1);
        option = option.Substring(0, equals);
      }
      else if (++i < args.Length)
      {
        value = args[i];
      }
      else
      {
        return false;
      }
      bool valid;
      switch (option)
      {
        case "--pipe":
          name = value;
          valid = value.Length > 0;
          break;
        case "--clients":
          valid = int.TryParse(value, out clients) && clients > 0 && clients <= 1000;
          break;
        case "--timeout":
          valid = int.TryParse(value, out seconds) && seconds > 0 && seconds <= 86400;
          break;
        default:
          valid = false;
          break;
      }
      if (!valid)
      {
        return false;
      }
    }
    return name != null && file != null;
  }

  private int Run()
  {
    var codes = new int[clients];
    var replies = new string[clients];
    var threads = new Thread[clients];
    Stopwatch clock = Stopwatch.StartNew();
    for (int i = 0; i < clients; i++)
    {
      int index = i;
      threads[i] = new Thread(() => codes[index] = Ask(out replies[index]));
      // A blocked read of a pipe cannot be ended everywhere; a background thread does not keep the process alive.
      threads[i].IsBackground = true;
      threads[i].Start();
    }
    foreach (Thread thread in threads)
    {
      // The connection itself is limited to the same time, so a little more is given to let it report first.
      long left = seconds * 1000L + 200 - clock.ElapsedMilliseconds;
      if (!thread.Join((int) Math.Max(left, 0)))
      {
        Console.Error.WriteLine("no reply within " + seconds + " s");
        return NoServer;
      }
    }
    return Conclude(codes, replies);
  }

  private int Conclude(int[] codes, string[] replies)
  {
    for (int i = 0; i < clients; i++)
    {
      if (expectNoReply && codes[i] == Done)
      {
        Console.Error.WriteLine("a reply came, and none was expected");
        return Failed;
      }
      if (codes[i] != Done && !(expectNoReply && codes[i] == NoReply))
      {
        return codes[i];
      }
      if (replies[i] != replies[0])
      {
        Console.Error.WriteLine("the replies differ");
        return Failed;
      }
    }
    if (!expectNoReply)
    {
      // Bytes, not Console.Write: the console's encoding and line ends are not those of the file.
      byte[] bytes = new UTF8Encoding(false).GetBytes(replies[0]);
      using (Stream output = Console.OpenStandardOutput())
      {
        output.Write(bytes, 0, bytes.Length);
      }
    }
    return Done;
  }

  private int Ask(out string reply)
  {
    reply = null;
    try
    {
      // The level of the documented example. It lets the server act as this user, so it is for a trusted server only.
      using (var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.None,
          TokenImpersonationLevel.Impersonation))
      {
        pipe.Connect(seconds * 1000);
        string greeting = StreamString.Read(pipe);
        if (greeting != null && greeting != StreamString.Greeting)
        {
          Console.Error.WriteLine("the server could not be verified");
          return NotVerified;
        }
        if (greeting != null)
        {
          StreamString.Write(pipe, file);
          reply = StreamString.Read(pipe);
        }
        if (reply == null)
        {
          Console.Error.WriteLine("closed without a reply");
          return NoReply;
        }
        return Done;
      }
    }
    catch (TimeoutException)
    {
      Console.Error.WriteLine("no server on pipe " + name + " within " + seconds + " s");
      return NoServer;
    }
    catch (InvalidDataException e)
    {
      Console.Error.WriteLine(e.Message);
      return Failed;
    }
    catch (Exception e) when (e is IOException || e is UnauthorizedAccessException || e is SocketException)
    {
      // A reset or broken pipe, or a pipe that this user may not open.
      Console.Error.WriteLine(e.Message);
      return NoReply;
    }
    catch (Exception e) when (e is ArgumentException || e is NotSupportedException)
    {
      // A text that cannot be the name of a pipe.
      Console.Error.WriteLine(e.Message);
      return Usage;
    }
    catch (Exception e)
    {
      // An exception that leaves a thread would end the process, and not with one of these codes.
      Console.Error.WriteLine(e.Message);
      return Failed;
    }
  }
}
