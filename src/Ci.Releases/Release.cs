using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ci.Releases;

/// <summary>
/// One deployable model, immutable and content-addressed (<c>release.json</c>). Its <see cref="Id"/> is the SHA-256 of the RFC 8785
/// canonical document without <c>id</c>; unknown fields take part in it.
/// </summary>
public sealed record Release
{
    public const string SchemaName = "mlops.release/v1";

    /// <summary>The name of the document within its folder and within the signature.</summary>
    public const string FileName = "release.json";

    /// <summary>The name of the signature bundle within the folder.</summary>
    public const string BundleFileName = "release.sigstore.json";

    /// <summary>Larger documents are refused unread.</summary>
    public const int MaxDocumentBytes = 1 << 20;

    public string Schema { get; init; } = SchemaName;

    public Sha256Digest Id { get; init; }

    /// <summary>The model's name; see <see cref="Names.IsName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>A semantic version without a leading 'v'.</summary>
    public required string Version { get; init; }

    /// <summary>The files, each by path, size and digest; exactly one has the role <c>model</c>.</summary>
    public required IReadOnlyList<Artifact> Artifacts { get; init; }

    /// <summary>The model's inputs in declared order.</summary>
    public required IReadOnlyList<TensorSignature> Inputs { get; init; }

    /// <summary>The model's outputs in declared order.</summary>
    public required IReadOnlyList<TensorSignature> Outputs { get; init; }

    /// <summary>Operator set version per domain; the default domain is <c>ai.onnx</c>.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; init => field = Absent.Or(value); } = Absent.Map<long>();

    /// <summary>The least ONNX Runtime version that may serve it, such as <c>1.17.0</c>; null when any may.</summary>
    public string? LeastRuntime { get; init; }

    public required Provenance Provenance { get; init; }

    /// <summary>The digest of the <c>evaluation.json</c> that the verdict rests on.</summary>
    public Sha256Digest? EvaluationSha256 { get; init; }

    /// <summary>The digest of the <c>verdict.json</c>.</summary>
    public Sha256Digest? VerdictSha256 { get; init; }

    public required GoldenReference Golden { get; init; }

    public required DeviceLimits Limits { get; init; }

    /// <summary>For which devices and until when; null: any device, at any time.</summary>
    public DeviceTarget? Target { get; init; }

    /// <summary>The artifact with the role <c>model</c>.</summary>
    [JsonIgnore]
    public Artifact Model => ByRole(ArtifactRole.Model)!;

    /// <summary>The sum of all artifact sizes.</summary>
    [JsonIgnore]
    public long TotalBytes => Artifacts.Sum(artifact => artifact.Bytes);

    /// <summary>Reads strictly: bounded, no duplicate names, paths confined, sizes in range, id recomputed.</summary>
    /// <exception cref="ReleaseRefusedException">release-malformed, path-escape or release-id-mismatch.</exception>
    public static Release Read(ReadOnlySpan<byte> utf8)
    {
        var document = Documents.ParseObject(utf8, MaxDocumentBytes, RefusalCode.ReleaseMalformed, FileName);
        var release = Documents.Read(document, ReleasesJson.Default.Release, SchemaName, RefusalCode.ReleaseMalformed, FileName);
        ReleaseRules.Check(release);
        var id = Documents.IdOf(document, RefusalCode.ReleaseMalformed, FileName);
        return id == release.Id
            ? release
            : throw new ReleaseRefusedException(RefusalCode.ReleaseIdMismatch, $"{FileName} says id {release.Id.Brief}, but its content has {id.Brief}");
    }

    /// <summary>A copy whose <see cref="Id"/> is that of its content; every rule that <see cref="Read"/> enforces holds for it.</summary>
    /// <exception cref="ReleaseRefusedException">A rule is broken.</exception>
    public Release Seal()
    {
        ReleaseRules.Check(this);
        var document = (JsonObject)JsonSerializer.SerializeToNode(this, ReleasesJson.Default.Release)!;
        return this with { Id = Documents.IdOf(document, RefusalCode.ReleaseMalformed, FileName) };
    }

    /// <summary>The document for people and files: indented, UTF-8, ending in a newline. White space does not touch the id.</summary>
    public byte[] ToBytes() => Documents.Write(this, ReleasesJson.Default.Release);

    /// <summary>The first artifact with this role, or null; see <see cref="ArtifactRole"/>.</summary>
    public Artifact? ByRole(string role) => Artifacts.FirstOrDefault(artifact => string.Equals(artifact.Role, role, StringComparison.Ordinal));

    /// <summary>Whether an ONNX Runtime of this version ("1.30.0") may serve this release.</summary>
    public bool RunsOn(string runtimeVersion) =>
        LeastRuntime is null
        || (System.Version.TryParse(runtimeVersion, out var have) && System.Version.TryParse(LeastRuntime, out var least) && have >= least);
}
