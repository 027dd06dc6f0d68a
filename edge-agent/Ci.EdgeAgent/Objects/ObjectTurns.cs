namespace Ci.EdgeAgent.Objects;

/// <summary>One writer an object at a time: two models of one agent may need the same file, and both begin when the agent starts.</summary>
internal sealed class ObjectTurns
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> last = new(StringComparer.Ordinal);

    /// <summary>Runs the work when all that was asked before for this digest has ended, however it ended.</summary>
    public async Task<T> RunAsync<T>(string digest, Func<Task<T>> work, CancellationToken ct)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before, tail;
        lock (gate)
        {
            before = last.GetValueOrDefault(digest, Task.CompletedTask);
            tail = Task.WhenAll(before, mine.Task); // Who gives up waiting lets nobody past those before.
            last[digest] = tail;
        }

        try
        {
            await before.WaitAsync(ct);
            return await work();
        }
        finally
        {
            mine.SetResult();
            lock (gate)
            {
                if (before.IsCompleted && last.GetValueOrDefault(digest) == tail)
                    last.Remove(digest); // Nobody waits.
            }
        }
    }
}
