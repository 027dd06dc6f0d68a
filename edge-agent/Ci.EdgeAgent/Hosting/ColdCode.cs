using System.Globalization;
using System.Runtime.InteropServices;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Unmaps, page by page, the machine code and constants of this program, of ONNX Runtime and of OpenSSL, most of which are needed once: to register operators,
/// to optimize a graph, to compose the agent, to verify a release. The pages are clean copies of a file; what is needed again comes back from the page cache, 16 pages a fault.
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
            return Mappings(File.ReadLines("/proc/self/smaps")).Sum(m => MAdvise(m.Start, (nuint)m.Length, DontNeed) == 0 ? m.Length : 0L);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }
    }

    // Only what is read-only, has no page that differs from the file (as relocated tables have), and is of a file that stays loaded for the life of
    // the process: nothing can be lost with it, and nothing else can take its place meanwhile.
    private static IEnumerable<Mapping> Mappings(IEnumerable<string> lines)
    {
        Mapping? seen = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (seen is { } mapping && line.AsSpan("Anonymous:".Length).Trim().SequenceEqual("0 kB"))
                    yield return mapping;
                seen = null;
            }
            else if (line.IndexOf('/', StringComparison.Ordinal) is > 0 and var file && StaysLoaded(line.AsSpan(file)))
            {
                seen = Parse(line);
            }
        }
    }

    // 7f12a000-7f34b000 r-xp 00012000 fe:00 1234   /usr/lib/edge-agent/libonnxruntime.so.1
    private static Mapping? Parse(ReadOnlySpan<char> line)
    {
        var (dash, space) = (line.IndexOf('-'), line.IndexOf(' '));
        return line[(space + 1)..] is ['r', '-', _, 'p', ' ', ..]
            && nint.TryParse(line[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var start)
            && nint.TryParse(line[(dash + 1)..space], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end) ? new Mapping(start, end - start) : null;
    }

    private static bool StaysLoaded(ReadOnlySpan<char> file) =>
        file.SequenceEqual(Environment.ProcessPath) || Path.GetFileName(file) is var name && (name.StartsWith("libonnxruntime.so", StringComparison.Ordinal) || name.StartsWith("libcrypto.so", StringComparison.Ordinal));

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(nint address, nuint length, int advice);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mapping(nint Start, nint Length);
}
