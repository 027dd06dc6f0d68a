using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Generations;

/// <summary>How much memory a load needs, how much there is, and giving back what the C heap keeps.</summary>
internal static partial class MemoryRoom
{
    /// <summary>
    /// Weights once as they are in the file, once as the runtime packs them for its kernels, and once while both exist. Measured for the models of the
    /// tests; a model whose activations are larger than its weights says so in its signed limits.
    /// </summary>
    private const double FileFactor = 3;

    public static long Needed(long modelBytes, long? signedPeak) => Math.Max((long)(modelBytes * FileFactor), Math.Min(signedPeak ?? 0, (long)(modelBytes * FileFactor * 2)));

    /// <summary>Bytes that can be had without swapping: the machine's or the container's, whichever is less; null where the system does not say.</summary>
    public static long? Free()
    {
        var machine = Available();
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var container = limit > 0 ? limit - Environment.WorkingSet : (long?)null;
        return machine is { } m && container is { } c ? Math.Min(m, c) : machine ?? container;
    }

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

    private static long? Available()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            foreach (var line in File.ReadLines("/proc/meminfo"))
            {
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan("MemAvailable:".Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
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
