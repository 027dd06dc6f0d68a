using System.Text.Json.Serialization;

namespace Ci.Releases;

/// <summary>Why something was refused. The wire strings (kebab case) are stable; <see cref="Refusals"/> has them and the words.</summary>
[JsonConverter(typeof(RefusalCodeConverter))]
public enum RefusalCode
{
    SignatureInvalid,
    KeyUntrusted,
    DigestMismatch,
    SizeMismatch,
    ReleaseIdMismatch,
    SequenceRollback,
    ReleaseMalformed,
    ChannelMalformed,
    GoldenMalformed,
    TelemetryMalformed,
    PathEscape,
    RuntimeTooOld,
    GoldenMismatch,
    GoldenNonfinite,
    InterfaceMismatch,
    LatencyLimit,
    MemoryLimit,
    SizeLimit,
    LoadFailed,
    BlobMissing,
    MirrorMalformed,
    MirrorMismatch,
    MirrorRollback,
    MirrorExpired,
    BundleMalformed,
    DeviceClass,
    ReleaseExpired,
    RuntimeTooNew,
    OpsetRange,
    OperatorRefused,
    CustomOperators,
    ExternalData,
    ModelUnsafe,
}
