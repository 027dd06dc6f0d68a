using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Says to systemd that the agent lives, but only while it does: every update loop turns and the listener answers a real request over its own
/// socket. Whoever stops saying so is restarted by systemd, and then serves from disk again within seconds.
/// </summary>
internal sealed class Watchdog(Agent agent, AgentWorld world) : IDisposable
{
    private static readonly TimeSpan ShowEvery = TimeSpan.FromSeconds(10);
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private string last = "";

    public async Task RunAsync(CancellationToken ct)
    {
        var asked = SystemdNotify.WatchdogTime(world.Environment, Environment.ProcessId);
        using var timer = new PeriodicTimer(asked is { } time ? time / 3 : ShowEvery, world.Time);
        try
        {
            do
            {
                var problem = await ProblemAsync(ct);
                if (problem is null && asked is not null)
                    SystemdNotify.Alive(world.Environment);
                Show(problem);
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping; STOPPING=1 was or will be said.
        }
    }

    /// <summary>Why the agent counts as unwell; null while it is well.</summary>
    public async Task<string?> ProblemAsync(CancellationToken ct)
    {
        foreach (var model in agent.Models)
        {
            if (model.Stuck is { } stuck)
                return $"{model.Served.Name}: {stuck}";
        }

        try
        {
            using var answer = await client.GetAsync(new Uri(new Uri(LocalAddress.Of(agent.Address)), "/v2/health/live"), ct);
            return answer.IsSuccessStatusCode ? null : $"the listener answers {(int)answer.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return $"the listener does not answer: {error.Message}";
        }
    }

    public void Dispose() => client.Dispose();

    private void Show(string? problem)
    {
        var words = problem is null ? StatusLine.Of(agent.Status()) : $"unwell: {problem}";
        if (words == last)
            return;
        last = words;
        SystemdNotify.Status(world.Environment, words);
        if (problem is not null)
            agent.Log.Line(words, LogLevel.Error);
    }
}
