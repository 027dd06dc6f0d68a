namespace Ci.Releases;

/// <summary>
/// Which versions of the default operator set an ONNX Runtime knows, by its published table
/// (https://onnxruntime.ai/docs/reference/compatibility.html). A runtime newer than the table is not judged: it says so itself when it loads.
/// </summary>
public static class OpsetSupport
{
    /// <summary>Runtimes promise to run sets from this one on.</summary>
    public const long Oldest = 7;

    private static readonly (int Minor, long Newest)[] Table =
    [
        (10, 15), (11, 16), (12, 17), (13, 17), (14, 18), (15, 19), (16, 19), (17, 20), (18, 21), (19, 21), (20, 21), (21, 22), (22, 23),
    ];

    /// <summary>The newest default operator set that this runtime ("1.18.1") knows; null where the table does not say.</summary>
    public static long? NewestOf(string runtimeVersion)
    {
        if (!Version.TryParse(runtimeVersion, out var version) || version.Major != 1)
            return null;
        foreach (var (minor, newest) in Table)
        {
            if (minor == version.Minor)
                return newest;
        }

        return version.Minor < Table[0].Minor ? Table[0].Newest - 1 : null;
    }
}
