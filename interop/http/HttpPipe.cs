// .NET's HttpClient as a client of demo-server's pipe "files", over NamedPipeClientStream by a ConnectCallback. Arguments:
// the pipe, and the number of mixed requests on one kept connection. What is asked and what must be answered is in README.md.
//
// Mono's compiler knows HttpClient and not SocketsHttpHandler, which .NET has: that one is reached by reflection.
using System;
using System.IO;
using System.IO.Pipes;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Threading;

static class HttpPipe
{
    static string pipe;
    static int connections;
    static HttpClient client;
    static string written;

    static TResult Connect<TResult>(object context, CancellationToken token)
    {
        var stream = new NamedPipeClientStream(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        stream.Connect(10000);
        Interlocked.Increment(ref connections);
        return (TResult) Activator.CreateInstance(typeof(TResult), new object[] { stream });
    }

    static HttpMessageHandler Handler()
    {
        Type type = typeof(HttpClient).Assembly.GetType("System.Net.Http.SocketsHttpHandler", true);
        object handler = Activator.CreateInstance(type);
        PropertyInfo callback = type.GetProperty("ConnectCallback");
        MethodInfo connect = typeof(HttpPipe).GetMethod("Connect", BindingFlags.NonPublic | BindingFlags.Static)
            .MakeGenericMethod(callback.PropertyType.GetGenericArguments()[2]);
        callback.SetValue(handler, Delegate.CreateDelegate(callback.PropertyType, connect), null);
        type.GetProperty("MaxConnectionsPerServer").SetValue(handler, 1, null);
        return (HttpMessageHandler) handler;
    }

    // Content of unknown length is sent in chunks.
    sealed class Chunks : HttpContent
    {
        protected override System.Threading.Tasks.Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext context)
        {
            byte[] text = Encoding.UTF8.GetBytes("in chunks");
            return stream.WriteAsync(text, 0, text.Length);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    static string text;
    static HttpResponseMessage reply;

    static int Send(string method, string target, HttpContent content = null, long range = -1)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "http://pipe" + target);
        request.Content = content;
        if (range >= 0)
        {
            request.Headers.Range = new RangeHeaderValue(range, range + 15);
        }
        reply = client.SendAsync(request).Result;
        text = reply.Content.ReadAsStringAsync().Result;
        return (int) reply.StatusCode;
    }

    static void Check(bool condition, string what)
    {
        if (!condition)
        {
            throw new Exception(what + ": " + (reply == null ? "" : (int) reply.StatusCode + " " + text));
        }
    }

    static void Each()
    {
        Check(Send("GET", "/list") == 200 && text.Contains("\"small.txt\"") && text.Contains("\"numbers\""), "list");
        Check(Send("GET", "/read?name=small.txt") == 200 && text == "A small text file.\nWith two lines.\n", "read");
        Check(Send("POST", "/stat", new StringContent("{\"name\":\"small.txt\"}", Encoding.UTF8, "application/json")) == 200
            && text.Contains("\"small.txt\""), "stat by JSON");
        Check(Send("HEAD", "/read?name=small.txt") == 200 && text == "" && reply.Content.Headers.ContentLength == 35, "HEAD");
        Check(Send("PUT", "/write?name=csharp", new Chunks()) == 200 && text.Contains("\"size\":9"), "write in chunks");
        Check(Send("GET", "/nowhere") == 404 && reply.Content.Headers.ContentType.MediaType == "application/problem+json",
            "no such route");
        Check(Send("DELETE", "/read?name=small.txt") == 405, "method");
        int escape = Send("GET", "/read?name=..%2Fsecret");
        Check(escape == 400 || escape == 403, "escape");
    }

    static void Mixed(int i)
    {
        switch (i % 5)
        {
            case 0:
                Check(Send("GET", "/stat?name=small.txt") == 200 && text.Contains("\"size\":35"), "stat");
                break;
            case 1:
                Check(Send("GET", "/read?name=numbers", null, i * 16L) == 206 && text == i.ToString("D15") + "\n", "range");
                break;
            case 2:
                written = "csharp " + i + " " + Guid.NewGuid();
                Check(Send("PUT", "/write?name=csharp-" + i, new StringContent(written)) == 200
                    && text.Contains("\"csharp-" + i + "\""), "write");
                break;
            case 3:
                Check(Send("GET", "/read?name=csharp-" + (i - 1)) == 200 && text == written, "read");
                break;
            default:
                Check(Send("GET", "/stat?name=absent-" + i) == 404 && text.Contains("\"NOT_FOUND\""), "absent");
                break;
        }
    }

    static int Main(string[] args)
    {
        pipe = args[0];
        int count = int.Parse(args[1]);
        try
        {
            client = new HttpClient(Handler());
            Each();
            for (int i = 0; i < count; i++)
            {
                Mixed(i);
            }
            Check(connections == 1, "connections " + connections);
            Console.WriteLine("ok " + count);
            return 0;
        }
        catch (Exception ex)
        {
            Console.Error.WriteLine(ex);
            return 1;
        }
    }
}
