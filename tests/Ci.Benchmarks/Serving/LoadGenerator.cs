using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ci.Benchmarks.Serving;

/// <summary>Keep-alive clients that each send one request after the other over a plain socket: little enough work to load two servers alike.</summary>
internal static class LoadGenerator
{
    /// <summary>Latencies in microseconds of everything that was answered within the time, and how long it really took.</summary>
    public static async Task<(List<double> Microseconds, double Seconds)> RunAsync(Uri server, string path, string body, int clients, TimeSpan time)
    {
        var request = Request(server, path, body);
        var began = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => ClientAsync(server, request, began, time))));
        return ([.. results.SelectMany(r => r)], Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>The bytes of one request.</summary>
    public static byte[] Request(Uri server, string path, string body) =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>How long the answer at the buffer's start is; 0 while it is not whole.</summary>
    public static int AnswerLength(ReadOnlySpan<byte> seen)
    {
        var end = seen.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        if (!seen.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException($"not a 200: {Encoding.UTF8.GetString(seen)}");
        var at = seen.IndexOf("ontent-"u8);
        while (!seen[(at + 7)..].StartsWith("Length: "u8) && !seen[(at + 7)..].StartsWith("length: "u8))
            at += 7 + seen[(at + 7)..].IndexOf("ontent-"u8);
        _ = System.Buffers.Text.Utf8Parser.TryParse(seen[(at + 15)..], out int length, out _);
        return seen.Length >= end + 4 + length ? end + 4 + length : 0;
    }

    private static async Task<List<double>> ClientAsync(Uri server, byte[] request, long began, TimeSpan time)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        var (buffer, took) = (new byte[65536], new List<double>(1 << 16));
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var filled = 0;
            do
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                filled = read > 0 ? filled + read : throw new InvalidOperationException("the server hung up");
            }
            while (AnswerLength(buffer.AsSpan(0, filled)) == 0);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return took;
    }
}
