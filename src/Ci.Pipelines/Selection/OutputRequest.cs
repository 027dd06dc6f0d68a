namespace Ci.Pipelines.Selection;

/// <summary>Which tracked data is meant, as people write it.</summary>
/// <param name="Targets">Stages, pointers, outputs, or files and folders inside of tracked folders; none: everything.</param>
/// <param name="Folder">Where they were written, absolute.</param>
public sealed record OutputRequest(IReadOnlyList<string> Targets, string Folder)
{
    /// <summary>A target that is a folder means all data below it.</summary>
    public bool Recursive { get; init; }

    /// <summary>What the targets are made from, too.</summary>
    public bool WithDependencies { get; init; }

    /// <summary>Targets may hold <c>*</c>, <c>?</c>, <c>[…]</c> and <c>**</c>.</summary>
    public bool Glob { get; init; }
}
