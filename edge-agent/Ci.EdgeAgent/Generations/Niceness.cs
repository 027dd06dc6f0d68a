using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Generations;

/// <summary>
/// How much a thread gives way to others. On Linux every thread has its own, hands it to the threads and processes that it starts, may always raise it,
/// and may lower it again only where the system allows (root, CAP_SYS_NICE, or LimitNICE=+0 in the unit).
/// </summary>
internal static partial class Niceness
{
    private const int PriorityOfProcess = 0;
    private const int Giving = 10;
    private const int Ordinary = 0;

    private static readonly Lazy<bool> Returns = new(CanReturn);

    /// <summary>Whether what was lowered can be brought back.</summary>
    public static bool MayReturn => Returns.Value;

    /// <summary>The calling thread gives way from here on. Not allowed is no error: its work is done all the same.</summary>
    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(PriorityOfProcess, 0, Giving);
        else
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    /// <summary>A process that was just started gives way, and all threads that it starts from now on.</summary>
    public static void GiveWay(int process) => _ = SetPriority(PriorityOfProcess, (uint)process, Giving);

    /// <summary>All threads of a process are ordinary again.</summary>
    public static void Return(int process)
    {
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task"))
            {
                if (uint.TryParse(Path.GetFileName(thread), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                    _ = SetPriority(PriorityOfProcess, id, Ordinary);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
        }
    }

    private static bool CanReturn()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var can = false;
        var trial = new Thread(() => can = SetPriority(PriorityOfProcess, 0, Giving) == 0 && SetPriority(PriorityOfProcess, 0, Ordinary) == 0) { IsBackground = true, Name = "trial" };
        trial.Start();
        trial.Join();
        return can;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
