namespace Ci.Data;

/// <summary>One thing that the cache and the remotes keep.</summary>
/// <param name="Path">Where it belongs in the workspace, absolute.</param>
/// <param name="Digest">What it is.</param>
/// <param name="Remote">The remote that keeps it; null: the default one.</param>
/// <param name="Push">Whether it goes to a remote at all.</param>
public sealed record TrackedOutput(string Path, Digest Digest, string? Remote = null, bool Push = true)
{
    /// <summary>Of a folder: the files or folders in it that are meant, by their paths below it; null: all of it.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Whether a file of the folder is meant.</summary>
    /// <param name="file">Its path below the folder.</param>
    public bool Means(string file) =>
        this.Only is null || this.Only.Any(part => file == part || (file.Length > part.Length && file[part.Length] == '/' && file.StartsWith(part, StringComparison.Ordinal)));
}
