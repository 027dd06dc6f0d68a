using System.Collections.Concurrent;

namespace Ci.EdgeAgent.Generations;

/// <summary>
/// Runs work that nobody waits for (loading, proving, disposing a model) on threads that take only the processor time that requests leave over
/// (<see cref="Niceness"/>). Because a thread hands its niceness on, nothing may be completed here that could make the thread pool start a worker:
/// the word that work is done is passed on by a thread of ordinary priority.
/// </summary>
internal static class QuietThread
{
    private static readonly TimeSpan Stillness = TimeSpan.FromSeconds(5);
    private static readonly Lazy<BlockingCollection<Action>> Bell = new(() => Begin("bell", isQuiet: false));
    private static readonly Lazy<BlockingCollection<Action>> Asked = new(() => Begin("quiet", isQuiet: true));
    private static readonly Lazy<BlockingCollection<Action>> Posted = new(() => Begin("retire", isQuiet: true, MemoryRoom.Trim));

    /// <summary>
    /// Work for the one worker that disposes: costs the caller a queue's place, not the start of a thread. It must not throw. Once there was none for a
    /// while, the C library gives back what it kept: while it does, it holds up every thread that allocates, which doubled the 99th percentile
    /// of requests when it came with every swap.
    /// </summary>
    public static void Post(Action work) => Posted.Value.Add(work);

    /// <summary>Runs something at ordinary priority, from quiet work.</summary>
    public static void Ring(Action word) => Bell.Value.Add(word);

    /// <summary>
    /// Work for the one worker that loads and proves, one piece after the other. One thread has one arena of the C library, so that the memory that one load
    /// leaves free is the next one's; a thread for each load left 200 MB behind in a hundred swaps of a small model.
    /// </summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Asked.Value.Add(() =>
        {
            try
            {
                var result = work();
                Ring(() => done.SetResult(result));
            }
#pragma warning disable CA1031 // Whatever it was, it belongs to the one who awaits.
            catch (Exception error)
            {
                Ring(() => done.SetException(error));
            }
#pragma warning restore CA1031
        });
        return done.Task;
    }

    private static BlockingCollection<Action> Begin(string name, bool isQuiet, Action? whenStill = null)
    {
        if (isQuiet)
            _ = Bell.Value; // Begun by the caller, whose priority it has.
        var queue = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            if (isQuiet)
                Niceness.GiveWay();
            for (var stirred = false; ;)
            {
                if (queue.TryTake(out var work, stirred && whenStill is not null ? Stillness : Timeout.InfiniteTimeSpan))
                {
                    work();
                    stirred = true;
                }
                else
                {
                    whenStill?.Invoke();
                    stirred = false;
                }
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return queue;
    }
}
