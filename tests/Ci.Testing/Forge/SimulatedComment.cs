namespace Ci.Testing.Forge;

/// <summary>A comment on a pull request (by number) or a commit.</summary>
public sealed class SimulatedComment
{
    public required long Id { get; init; }

    public required string Author { get; init; }

    public int? PullRequest { get; init; }

    public string? Commit { get; init; }

    public required string Body { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The forge's own, e.g. GitLab's "added 1 commit".</summary>
    public bool IsSystem { get; init; }

    /// <summary>The thread of a commit's comment, where the forge has such.</summary>
    public string Discussion { get; init; } = "";
}
