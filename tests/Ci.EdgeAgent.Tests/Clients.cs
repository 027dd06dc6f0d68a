using System.Collections.Concurrent;

namespace Ci.EdgeAgent.Tests;

/// <summary>Clients that ask over HTTP until they are stopped.</summary>
internal sealed class Clients : IDisposable
{
    private readonly CancellationTokenSource enough = new();
    private readonly List<Task> loops;
    private int asked;

    public Clients(RunningAgent agent, int count) => loops = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => AskAsync(agent, i)))];

    public int Asked => asked;

    public ConcurrentBag<string> Failures { get; } = [];

    public async Task SomeAsync(int more)
    {
        for (var until = asked + more; asked < until;)
            await Task.Delay(5);
    }

    public async Task StopAsync()
    {
        await enough.CancelAsync();
        await Task.WhenAll(loops);
    }

    public void Dispose()
    {
        enough.Cancel();
        Task.WaitAll([.. loops]);
        enough.Dispose();
    }

    private async Task AskAsync(RunningAgent agent, int client)
    {
        var random = new Random(client);
        while (!enough.IsCancellationRequested)
        {
            var features = string.Join(',', Enumerable.Range(0, 30).Select(_ => random.NextDouble().ToString("F3", System.Globalization.CultureInfo.InvariantCulture)));
            var (status, body) = await agent.InferAsync($"{{\"inputs\":[{{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,30],\"data\":[{features}]}}]}}");
            Interlocked.Increment(ref asked);
            if (status != 200)
                Failures.Add($"{status} {body}");
            await Task.Delay(2);
        }
    }
}
