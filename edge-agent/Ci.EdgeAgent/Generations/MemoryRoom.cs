using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Generations;

/// <summary>How much memory there is, how much this process takes, and giving back what the C heap keeps.</summary>
internal static partial class MemoryRoom
{
    /// <summary>Bytes that can be had without swapping: the machine's or the container's, whichever is less; null where the system does not say.</summary>
    public static long? Free()
    {
        var machine = Available();
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var container = limit > 0 ? limit - Environment.WorkingSet : (long?)null;
        return machine is { } m && container is { } c ? Math.Min(m, c) : machine ?? container;
    }

    /// <summary>Begins to look for this process's highest resident memory from here on; null where the system does not let it.</summary>
    public static long? BeginPeak()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // proc(5): resets VmHWM
            return OfThisProcess("VmRSS:");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // An older kernel, or a hardened unit.
        }
    }

    /// <summary>Bytes that the highest was above what <see cref="BeginPeak"/> found.</summary>
    public static long? PeakSince(long? before) =>
        before is { } resident && OfThisProcess("VmHWM:") is { } highest ? Math.Max(0, highest - resident) : null;

    /// <summary>The C library keeps freed memory for later. After a generation ended, later is never: give it back. glibc alone; elsewhere nothing happens.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl gives back by itself.
        }
    }

    private static long? Available() => OperatingSystem.IsLinux() ? Kilobytes("/proc/meminfo", "MemAvailable:") : null;

    private static long? OfThisProcess(string name) => Kilobytes("/proc/self/status", name);

    /// <summary>In bytes.</summary>
    private static long? Kilobytes(string file, string name)
    {
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (line.StartsWith(name, StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
                    return kilobytes * 1024;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A hardened unit may hide it.
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
