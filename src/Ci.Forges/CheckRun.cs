namespace Ci.Forges;

/// <summary>A check on a commit. Its name is stable: branch protection refers to it.</summary>
public sealed record CheckRun
{
    public required string Name { get; init; }

    public required string HeadSha { get; init; }

    public required CheckStatus Status { get; init; }

    /// <summary>Set exactly when <see cref="Status"/> is <see cref="CheckStatus.Completed"/>.</summary>
    public CheckConclusion? Conclusion { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Markdown; cut at a line's end where it is over the forge's limit (65,535 characters on GitHub).</summary>
    public string Summary { get; init; } = "";

    public Uri? DetailsUrl { get; init; }

    /// <summary>Notes on lines of files; a vendor without them leaves them out, and so does a commit status.</summary>
    public IReadOnlyList<CheckAnnotation> Annotations { get; init; } = [];
}
