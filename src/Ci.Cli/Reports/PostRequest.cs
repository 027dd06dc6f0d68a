using Ci.Forges;
using Ci.Reporting;

namespace Ci.Cli.Reports;

/// <summary>What to post, and where it may go.</summary>
internal sealed record PostRequest
{
    public required Report Report { get; init; }

    /// <summary>Null where there is no pull request to comment on.</summary>
    public CommentTarget? Target { get; init; }

    /// <summary>The commit that the check hangs on; null where none is known.</summary>
    public string? Commit { get; init; }

    /// <summary>What the comment is about: one comment a key.</summary>
    public required string Key { get; init; }

    /// <summary>The check's stable name.</summary>
    public required string Check { get; init; }

    /// <summary>"auto", "images", "mermaid" or "none".</summary>
    public required string Pictures { get; init; }

    public bool WantsComment { get; init; } = true;

    public bool WantsCheck { get; init; } = true;

    public bool WantsSummary { get; init; } = true;

    public bool WantsAnnotations { get; init; } = true;

    /// <summary>Lines of the gates by name, and the file's path from the repository's root; empty where the file is not at hand.</summary>
    public GateLines Gates { get; init; } = GateLines.None;

    /// <summary>A pass that a stranger's job measured counts as one.</summary>
    public bool AcceptsForkVerdict { get; init; }
}
