using System;
using System.IO;
using System.IO.Pipes;
using System.Threading;

/// <summary>
/// A server as in the documented example: four threads, each with an instance of the pipe. It hands out every file
/// that it can read, so it is for tests only.
/// </summary>
internal sealed class PipeServer
{
  private const int Instances = 4;

  private readonly string name;
  private readonly bool loop;
  private readonly bool impersonate;

  private PipeServer(string name, bool loop, bool impersonate)
  {
    this.name = name;
    this.loop = loop;
    this.impersonate = impersonate;
  }

  private static int Main(string[] args)
  {
    string name = null;
    bool loop = false;
    bool impersonate = false;
    for (int i = 0; i < args.Length; i++)
    {
      if (args[i] == "--loop")
      {
        loop = true;
      }
      else if (args[i] == "--impersonate")
      {
        impersonate = true;
      }
      else if (args[i].StartsWith("--pipe=", StringComparison.Ordinal))
      {
        name = args[i].Substring("--pipe=".Length);
      }
      else if (args[i] == "--pipe" && i + 1 < args.Length)
      {
        name = args[++i];
      }
      else
      {
        name = null;
        break;
      }
    }
    if (string.IsNullOrEmpty(name))
    {
      Console.Error.WriteLine("usage: PipeServer --pipe NAME [--loop] [--impersonate]");
      return 2;
    }
    try
    {
      new PipeServer(name, loop, impersonate).Run();
      return 0;
    }
    catch (Exception e) when (e is IOException || e is UnauthorizedAccessException || e is ArgumentException
        || e is NotSupportedException)
    {
      Console.Error.WriteLine("cannot serve pipe " + name + ": " + e.Message);
      return 1;
    }
  }

  private void Run()
  {
    // All instances exist before "ready" is printed, so that four clients that come at once find one each.
    var pipes = new NamedPipeServerStream[Instances];
    for (int i = 0; i < Instances; i++)
    {
      pipes[i] = Create();
    }
    Console.WriteLine("ready " + name);
    Console.Out.Flush();

    var threads = new Thread[Instances];
    for (int i = 0; i < Instances; i++)
    {
      NamedPipeServerStream pipe = pipes[i];
      threads[i] = new Thread(() => Serve(pipe));
      threads[i].Start();
    }
    foreach (Thread thread in threads)
    {
      thread.Join();
    }
  }

  private NamedPipeServerStream Create()
  {
    return new NamedPipeServerStream(name, PipeDirection.InOut, Instances);
  }

  private void Serve(NamedPipeServerStream pipe)
  {
    try
    {
      do
      {
        try
        {
          pipe.WaitForConnection();
          Answer(pipe);
          pipe.Disconnect();
        }
        catch (Exception e)
        {
          // Whatever one client brings about (a missing or forbidden file, a name that is no name, a broken pipe) ends
          // its connection only. An instance in an unknown state is replaced: it may neither wait nor disconnect.
          Complain(e);
          pipe.Dispose();
          if (loop)
          {
            pipe = Create();
          }
        }
      }
      while (loop);
    }
    catch (Exception e)
    {
      Complain(e);
    }
    finally
    {
      pipe.Dispose();
    }
  }

  private void Answer(NamedPipeServerStream pipe)
  {
    StreamString.Write(pipe, StreamString.Greeting);
    string file = StreamString.Read(pipe);
    if (file == null)
    {
      return;
    }
    string text = null;
    if (impersonate)
    {
      // Only the read needs the client's rights. The client has spoken, so Windows knows whom to impersonate.
      pipe.RunAsClient(() => text = File.ReadAllText(file));
    }
    else
    {
      text = File.ReadAllText(file);
    }
    StreamString.Write(pipe, text);
    if (Environment.OSVersion.Platform == PlatformID.Win32NT)
    {
      // On Windows a disconnect throws away what the client has not read yet. A socket keeps it, and has no drain.
      pipe.WaitForPipeDrain();
    }
  }

  private static void Complain(Exception e)
  {
    string line = e.Message.Replace('\r', ' ').Replace('\n', ' ');
    Console.Error.WriteLine(e.GetType().Name + ": " + line);
  }
}
