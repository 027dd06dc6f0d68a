namespace Ci.Releases;

/// <summary>The tensor datatypes of the Open Inference Protocol v2.</summary>
public static class Datatypes
{
    public const string Fp32 = "FP32";
    public const string Fp64 = "FP64";
    public const string Bytes = "BYTES";

    private static readonly string[] All =
    [
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", Fp32, Fp64, Bytes,
    ];

    public static bool IsKnown(string? datatype) => All.Contains(datatype, StringComparer.Ordinal);

    /// <summary>FP16, BF16, FP32 and FP64: compared with a tolerance; everything else is compared exactly.</summary>
    public static bool IsFloating(string datatype) => datatype is "FP16" or "BF16" or Fp32 or Fp64;
}
