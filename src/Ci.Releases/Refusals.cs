namespace Ci.Releases;

/// <summary>The one table of refusal codes: wire string and words.</summary>
public static class Refusals
{
    private static readonly (RefusalCode Code, string Wire, string Words)[] Table =
    [
        (RefusalCode.SignatureInvalid, "signature-invalid", "the signature does not verify"),
        (RefusalCode.KeyUntrusted, "key-untrusted", "the signing key is not trusted"),
        (RefusalCode.DigestMismatch, "digest-mismatch", "the bytes are not the signed ones"),
        (RefusalCode.SizeMismatch, "size-mismatch", "the size is not the signed one"),
        (RefusalCode.ReleaseIdMismatch, "release-id-mismatch", "the release document is not the one that was asked for"),
        (RefusalCode.SequenceRollback, "sequence-rollback", "the channel went back to an older sequence"),
        (RefusalCode.ReleaseMalformed, "release-malformed", "the release document is not valid"),
        (RefusalCode.ChannelMalformed, "channel-malformed", "the channel is not valid"),
        (RefusalCode.GoldenMalformed, "golden-malformed", "the golden set is not valid"),
        (RefusalCode.TelemetryMalformed, "telemetry-malformed", "the telemetry batch is not valid"),
        (RefusalCode.PathEscape, "path-escape", "a path leaves its folder"),
        (RefusalCode.RuntimeTooOld, "runtime-too-old", "the ONNX Runtime on this device is too old"),
        (RefusalCode.GoldenMismatch, "golden-mismatch", "the model does not reproduce its golden set here"),
        (RefusalCode.GoldenNonfinite, "golden-nonfinite", "the model answered NaN or infinity to its golden set"),
        (RefusalCode.InterfaceMismatch, "interface-mismatch", "the model's inputs or outputs are not the signed ones"),
        (RefusalCode.LatencyLimit, "latency-limit", "the model is slower than its limit allows"),
        (RefusalCode.MemoryLimit, "memory-limit", "the model needs more memory than its limit allows"),
        (RefusalCode.SizeLimit, "size-limit", "the files are larger than the limit allows"),
        (RefusalCode.LoadFailed, "load-failed", "the model could not be loaded"),
        (RefusalCode.BlobMissing, "blob-missing", "a file is not in the blob store"),
        (RefusalCode.MirrorMalformed, "mirror-malformed", "the mirror's index is not valid"),
        (RefusalCode.MirrorMismatch, "mirror-mismatch", "a file of the mirror is not the one that its signed index lists"),
        (RefusalCode.MirrorRollback, "mirror-rollback", "the mirror shows an older index than before"),
        (RefusalCode.MirrorExpired, "mirror-expired", "the mirror's index has expired: newer ones may be held back"),
        (RefusalCode.BundleMalformed, "bundle-malformed", "the bundle is not valid"),
        (RefusalCode.DeviceClass, "device-class", "the release was made for another class of devices"),
        (RefusalCode.ReleaseExpired, "release-expired", "the release may not be installed any more"),
        (RefusalCode.RuntimeTooNew, "runtime-too-new", "the ONNX Runtime on this device is newer than the release allows"),
        (RefusalCode.OpsetRange, "opset-range", "the model's operator set is outside what this device takes"),
        (RefusalCode.OperatorRefused, "operator-refused", "the model uses an operator that this device does not allow"),
        (RefusalCode.CustomOperators, "custom-operators", "the release carries a library of operators"),
        (RefusalCode.ExternalData, "external-data", "the model's external data is not confined to the release"),
        (RefusalCode.ModelUnsafe, "model-unsafe", "the model is not what a sound ONNX file looks like"),
    ];

    /// <summary>The stable string of a code, for documents, metrics and logs.</summary>
    public static string Wire(this RefusalCode code) => Row(code).Wire;

    /// <summary>The code in words, for people.</summary>
    public static string Words(this RefusalCode code) => Row(code).Words;

    /// <summary>The code of a wire string.</summary>
    public static bool TryParse(string? wire, out RefusalCode code)
    {
        foreach (var row in Table)
        {
            if (string.Equals(row.Wire, wire, StringComparison.Ordinal))
            {
                code = row.Code;
                return true;
            }
        }

        code = default;
        return false;
    }

    private static (RefusalCode Code, string Wire, string Words) Row(RefusalCode code) => Array.Find(Table, row => row.Code == code) is { Wire: not null } row
        ? row
        : throw new ArgumentOutOfRangeException(nameof(code), code, "no such refusal code");
}
