namespace Ci.Pipelines;

/// <summary>A file or folder with a name of its own, as <c>artifacts</c> of <c>dvc.yaml</c> declares it.</summary>
/// <param name="Name">Lower-case letters, digits, <c>-</c> and <c>/</c>.</param>
/// <param name="FullPath">Absolute, inside the project.</param>
public sealed record Artifact(string Name, string FullPath)
{
    /// <summary>Such as <c>model</c>.</summary>
    public string? Type { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];
}
