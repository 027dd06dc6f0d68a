namespace Ci.Testing.Forge;

/// <summary>A pull request; its head follows the branch while it is open.</summary>
public sealed class SimulatedPull
{
    public required int Number { get; init; }

    public required long Id { get; init; }

    public required string Author { get; init; }

    public required string Title { get; set; }

    public string Body { get; set; } = "";

    public required string Head { get; init; }

    public required string Base { get; set; }

    public string HeadSha { get; set; } = "";

    public string BaseSha { get; set; } = "";

    public bool IsOpen { get; set; } = true;

    public bool IsDraft { get; set; }

    public DateTimeOffset? MergedAt { get; set; }

    public string? MergedBy { get; set; }

    /// <summary>While open: the test merge; when merged: the commit that the merge made.</summary>
    public string? MergeCommitSha { get; set; }

    /// <summary>Null: not computed yet.</summary>
    public bool? Mergeable { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public List<SimulatedReview> Reviews { get; } = [];

    /// <summary>The heads that it had, and since when, oldest first.</summary>
    public List<(string Sha, DateTimeOffset At)> Versions { get; } = [];

    /// <summary>"owner/name" of the head's repository where it is a fork.</summary>
    public string? ForkOf { get; init; }
}
