using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Generations;

/// <summary>
/// Runs work that nobody waits for (loading, proving, disposing a model) on threads that take only the processor time that requests leave over. On
/// Linux a thread's niceness is its own, can only rise without rights, and is inherited by every thread it starts; elsewhere it is the
/// thread's priority. Because of the inheritance nothing may be completed here that could make the thread pool start a worker: the word that
/// work is done is passed on by a thread of ordinary priority.
/// </summary>
internal static partial class QuietThread
{
    private const int PriorityOfProcess = 0;
    private const int Niceness = 10;
    private static readonly Lazy<BlockingCollection<Action>> Bell = new(() => Begin("bell", isQuiet: false));
    private static readonly Lazy<BlockingCollection<Action>> Posted = new(() => Begin("retire", isQuiet: true));

    /// <summary>Work for the one worker that lives as long as the process: costs the caller a queue's place, not the start of a thread. It must not throw.</summary>
    public static void Post(Action work) => Posted.Value.Add(work);

    /// <summary>Runs something at ordinary priority, from quiet work.</summary>
    public static void Ring(Action word) => Bell.Value.Add(word);

    /// <summary>Work on a thread of its own.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        _ = Bell.Value; // Begun by the caller, whose priority it has.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            LowerPriority();
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
        })
        {
            IsBackground = true,
            Name = "quiet",
        };
        thread.Start();
        return done.Task;
    }

    private static BlockingCollection<Action> Begin(string name, bool isQuiet)
    {
        if (isQuiet)
            _ = Bell.Value;
        var queue = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            if (isQuiet)
                LowerPriority();
            foreach (var work in queue.GetConsumingEnumerable())
                work();
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return queue;
    }

    private static void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(PriorityOfProcess, 0, Niceness); // Not allowed is no error: the work is done all the same.
        else
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
