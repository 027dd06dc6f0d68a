namespace Ci.EdgeAgent.Hosting.Services;

/// <summary>
/// The agent as a service manager handles it: started (returns once it serves what its disk holds), stopped (returns once requests under way ended). Both may
/// take long, and say so meanwhile. Everything of a service that is not a system's own calls, so that it is the same everywhere and tested everywhere.
/// </summary>
/// <param name="body">The agent: calls back when it serves, and ends when cancelled; its result is the exit code.</param>
internal sealed class AgentService(Func<Action, CancellationToken, Task<int>> body) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The agent, once started. Faulted or non-zero: the manager should start it again.</summary>
    public Task<int> Running { get; private set; } = Task.FromResult(0);

    /// <summary>Returns when it serves what its disk holds; throws why it cannot.</summary>
    /// <param name="busy">Called again and again meanwhile: it will take at least so long still.</param>
    public void Start(Action<TimeSpan> busy)
    {
        Running = Task.Run(() => body(ready.SetResult, stop.Token));
        Wait(Task.WhenAny(ready.Task, Running), busy);
        if (Running.IsCompleted)
            Running.GetAwaiter().GetResult();
    }

    /// <summary>Returns when requests under way have ended and everything is written.</summary>
    public void Stop(Action<TimeSpan> busy)
    {
        stop.Cancel();
        Wait(Running, busy);
    }

    public void Dispose() => stop.Dispose();

    private static void Wait(Task task, Action<TimeSpan> busy)
    {
        do
        {
            busy(Look * 5);
        }
        while (Task.WaitAny([task], Look) < 0);
    }
}
