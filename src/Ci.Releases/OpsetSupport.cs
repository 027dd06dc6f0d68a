namespace Ci.Releases;

/// <summary>
/// Which versions of the default operator set an ONNX Runtime knows: up to 1.20 by its published table
/// (https://onnxruntime.ai/docs/reference/compatibility.html), from then on by what the released libraries themselves load and refuse. A runtime newer
/// than the table is not judged: it says so itself when it loads.
/// </summary>
public static class OpsetSupport
{
    /// <summary>Runtimes promise to run sets from this one on.</summary>
    public const long Oldest = 7;

    private const int NewestMinor = 30;

    // From this minor version of 1.x on, until the next row.
    private static readonly (int Minor, long Newest)[] Table =
    [
        (0, 11), (3, 12), (6, 13), (8, 14), (9, 15), (11, 16), (12, 17), (14, 18), (15, 19), (17, 20), (18, 21), (21, 22), (23, 23), (24, 25), (25, 26),
    ];

    /// <summary>The newest default operator set that this runtime ("1.18.1") knows; null where the table does not say.</summary>
    public static long? NewestOf(string runtimeVersion)
    {
        if (!Version.TryParse(runtimeVersion, out var version) || version.Major != 1 || version.Minor > NewestMinor)
            return null;
        var newest = Table[0].Newest;
        foreach (var (minor, known) in Table)
            newest = version.Minor >= minor ? known : newest;
        return newest;
    }
}
