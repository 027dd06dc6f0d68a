using System.Runtime.InteropServices;

namespace Ci.Onnx.Tests;

/// <summary>What the C heap of this process holds, as glibc itself counts it: exact where resident memory is noise.</summary>
internal static class NativeHeap
{
    private const int Windows = 12;
    private const double Nothing = 4;

    /// <summary>
    /// Bytes that one round leaves allocated: of several windows after a warm-up, the one nearest to none. The runtime's own allocations
    /// (compiling, collecting) come and go in single windows; a leak is in every one.
    /// </summary>
    public static double BytesLeftByOne(int rounds, Action round)
    {
        Repeat(rounds, round);
        var least = double.PositiveInfinity;
        for (var w = 0; w < Windows && least > Nothing; w++)
        {
            var before = InUse();
            Repeat(rounds, round);
            least = Math.Min(least, Math.Abs((InUse() - before) / (double)rounds));
        }

        return least;
    }

    private static void Repeat(int rounds, Action round)
    {
        for (var i = 0; i < rounds; i++)
            round();
    }

    private static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var info = Read();
        return (long)(info.UsedByArenas + info.UsedByMappings);
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern MallInfo2 Read();

    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private struct MallInfo2
    {
        [FieldOffset(32)]
        public nuint UsedByMappings;

        [FieldOffset(56)]
        public nuint UsedByArenas;
    }
}
