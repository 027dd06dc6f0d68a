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

    // One turn of quiet work. The usual one is about 3 ms, for which a request may have to wait although it is worth nine times as much.
    private const ulong TurnNanoseconds = 100_000;

    private static readonly Lazy<bool> Returns = new(CanReturn);

    /// <summary>Whether what was lowered can be brought back.</summary>
    public static bool MayReturn => Returns.Value;

    /// <summary>The calling thread gives way from here on. Not allowed is no error: its work is done all the same.</summary>
    public static void GiveWay()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return;
        }

        _ = SetPriority(PriorityOfProcess, 0, Giving);
        TakeShortTurns();
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

    // Since Linux 6.12 sched_setattr(2) gives a thread of the ordinary policy turns of its own length; older kernels take the call and nothing changes.
    private static void TakeShortTurns()
    {
        nint number = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 314, Architecture.Arm64 => 274, _ => 0 };
        var attributes = new SchedulingAttributes { Size = (uint)Marshal.SizeOf<SchedulingAttributes>(), Nice = Giving, Runtime = TurnNanoseconds };
        if (number != 0)
            _ = SetAttributes(number, 0, ref attributes, 0);
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetAttributes(nint number, nint thread, ref SchedulingAttributes attributes, nint flags);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    // struct sched_attr of <linux/sched/types.h>, as of its first version.
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
