using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Generations;

/// <summary>
/// Runs work that nobody waits for (loading, proving, disposing a model) on a thread of its own that takes only the processor time that requests
/// leave over. On Linux a thread's niceness is its own and can only rise without rights, so the thread ends with its work; elsewhere it is
/// the thread's priority.
/// </summary>
internal static partial class QuietThread
{
    private const int PriorityOfProcess = 0;
    private const int Niceness = 10;

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            LowerPriority();
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // Whatever it was, it belongs to the one who awaits.
            catch (Exception error)
            {
                done.SetException(error);
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
