namespace Ci.Releases;

/// <summary>Where a release comes from: enough to build it again and to say what differs.</summary>
public sealed record Provenance
{
    /// <summary>The full commit id of the model repository.</summary>
    public required string Commit { get; init; }

    /// <summary>The working tree had changes that the commit does not hold.</summary>
    public required bool Dirty { get; init; }

    /// <summary>SHA-256 of <c>dvc.lock</c>; null without a pipeline.</summary>
    public Sha256Digest? PipelineLockSha256 { get; init; }

    /// <summary>Data files by path.</summary>
    public IReadOnlyDictionary<string, Sha256Digest> DataSha256 { get; init => field = Absent.Or(value); } = Absent.Map<Sha256Digest>();

    /// <summary>Parameters as text, by dotted key: <c>train.rounds</c> → <c>400</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init => field = Absent.Or(value); } = Absent.Map<string>();

    /// <summary>Seeds, by dotted key.</summary>
    public IReadOnlyDictionary<string, long> Seeds { get; init => field = Absent.Or(value); } = Absent.Map<long>();

    public string? RunnerImage { get; init; }

    /// <summary>In words: operating system, architecture, processors.</summary>
    public string? Hardware { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
