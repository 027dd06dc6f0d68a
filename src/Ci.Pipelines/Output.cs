namespace Ci.Pipelines;

/// <summary>One file or folder that a stage makes.</summary>
/// <param name="Path">As written in <c>dvc.yaml</c>, relative to the stage's working folder.</param>
/// <param name="FullPath">Absolute.</param>
/// <param name="Kind">Under which key it stands.</param>
public sealed record Output(string Path, string FullPath, OutputKind Kind)
{
    /// <summary>Kept in the cache and out of Git.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>Not removed before the stage runs.</summary>
    public bool Persist { get; init; }

    /// <summary>Goes to the remote.</summary>
    public bool Push { get; init; } = true;

    /// <summary>The remote that keeps it; null: the default one.</summary>
    public string? Remote { get; init; }

    /// <summary>Of a plot: column of the horizontal axis, column of the vertical axis, template, title and labels, as written.</summary>
    public IReadOnlyDictionary<string, string> Plot { get; init; } = new Dictionary<string, string>();
}
