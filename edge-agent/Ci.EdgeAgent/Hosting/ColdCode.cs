using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Unmaps, page by page, the machine code of this program and of ONNX Runtime, most of which runs once: registering operators, optimizing a graph,
/// composing the agent. The pages are clean copies of a file; what runs again comes back from the page cache, 16 pages a fault.
/// </summary>
internal static partial class ColdCode
{
    private const int DontNeed = 4; // MADV_DONTNEED of <bits/mman.h>

    /// <summary>Does nothing where the system is not Linux or hides its maps.</summary>
    /// <returns>Bytes of address space let go.</returns>
    public static long Forget()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            return File.ReadLines("/proc/self/maps").Select(Code).OfType<(nint Start, nint Length)>().Sum(code => MAdvise(code.Start, (nuint)code.Length, DontNeed) == 0 ? code.Length : 0L);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }
    }

    // Only what is executable, not writable and from one of two files that stay loaded for the life of the process: nothing in there can differ
    // from the file, and nothing else can take its place meanwhile.
    private static (nint Start, nint Length)? Code(string line)
    {
        // 7f12a000-7f34b000 r-xp 00012000 fe:00 1234   /usr/lib/edge-agent/libonnxruntime.so.1
        var file = line.IndexOf('/', StringComparison.Ordinal);
        if (file < 0 || !line.Contains(" r-xp ", StringComparison.Ordinal) || !StaysLoaded(line.AsSpan(file)))
            return null;
        var (dash, space) = (line.IndexOf('-', StringComparison.Ordinal), line.IndexOf(' ', StringComparison.Ordinal));
        return nint.TryParse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var start)
            && nint.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end) ? (start, end - start) : null;
    }

    private static bool StaysLoaded(ReadOnlySpan<char> file) => file.SequenceEqual(Environment.ProcessPath) || Path.GetFileName(file).StartsWith("libonnxruntime.so", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(nint address, nuint length, int advice);
}
