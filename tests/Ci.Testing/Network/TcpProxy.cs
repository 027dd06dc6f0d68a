using System.Net;
using System.Net.Sockets;

namespace Ci.Testing.Network;

/// <summary>
/// Stands between a client and a server on this machine and behaves like a bad network: it cuts connections after so many bytes, slows
/// them down, refuses them, or swallows what is sent. What it does may be changed while it runs; open connections notice at their next bytes.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Random random;
    private readonly Lock gate = new();
    private int connections;
    private int cuts;
    private long answerBytes;

    /// <summary>A proxy before a port of this machine; the seed makes its cuts repeatable.</summary>
    public TcpProxy(int target, int seed = 1)
    {
        this.target = target;
        this.random = new Random(seed);
        this.listener.Start();
        _ = this.AcceptAsync();
    }

    public int Port => ((IPEndPoint)this.listener.LocalEndpoint).Port;

    /// <summary>A connection ends after a random number of bytes from the server below this; 0: never.</summary>
    public int CutAnswersWithin { get; set; }

    /// <summary>The share of connections that are cut at all, drawn for each.</summary>
    public double CutShare { get; set; } = 1;

    /// <summary>The same for what the client sends.</summary>
    public int CutRequestsWithin { get; set; }

    /// <summary>So many cuts, and then no more.</summary>
    public int MostCuts { get; set; } = int.MaxValue;

    /// <summary>Bytes a second from the server; 0: as fast as it goes.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Connections are closed at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>Connections are taken and nothing ever comes back.</summary>
    public bool Swallows { get; set; }

    public int Connections => this.connections;

    public int Cuts => this.cuts;

    /// <summary>Bytes that were passed on from the server, heads included.</summary>
    public long AnswerBytes => Interlocked.Read(ref this.answerBytes);

    public void Dispose()
    {
        this.stop.Cancel();
        this.listener.Stop();
        this.stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!this.stop.IsCancellationRequested)
            {
                var client = await this.listener.AcceptTcpClientAsync(this.stop.Token);
                Interlocked.Increment(ref this.connections);
                _ = this.ServeAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        using var server = new TcpClient();
        try
        {
            if (this.Refuses)
            {
                Reset(client);
                return;
            }

            await server.ConnectAsync(IPAddress.Loopback, this.target, this.stop.Token);
            var up = this.PumpAsync(client, server, () => this.CutRequestsWithin, isAnswer: false);
            var down = this.PumpAsync(server, client, () => this.CutAnswersWithin, isAnswer: true);
            await Task.WhenAny(up, down);
            await Task.WhenAny(Task.WhenAll(up, down), Task.Delay(200, this.stop.Token));
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over, whoever ended it.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<int> cutWithin, bool isAnswer)
    {
        var buffer = new byte[16 << 10];
        var left = this.Draw(cutWithin());
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer, this.stop.Token)) > 0)
        {
            if (this.Swallows)
                continue;
            if (left is null && cutWithin() > 0)
                left = this.Draw(cutWithin());
            if (left is { } most && cutWithin() > 0 && read >= most && Interlocked.Increment(ref this.cuts) <= this.MostCuts)
            {
                if (isAnswer)
                    Interlocked.Add(ref this.answerBytes, most);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, most), this.stop.Token);
                Reset(from);
                Reset(to);
                return;
            }

            left -= read;
            if (isAnswer)
                Interlocked.Add(ref this.answerBytes, read);
            if (isAnswer && this.BytesPerSecond > 0)
                await Task.Delay(TimeSpan.FromSeconds((double)read / this.BytesPerSecond), this.stop.Token);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), this.stop.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }

    private int? Draw(int within)
    {
        lock (this.gate)
            return within <= 0 ? null : this.random.NextDouble() < this.CutShare ? this.random.Next(1, within) : int.MaxValue;
    }

    private static void Reset(TcpClient connection)
    {
        connection.LingerState = new LingerOption(true, 0);
        connection.Close();
    }
}
