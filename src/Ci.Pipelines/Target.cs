namespace Ci.Pipelines;

/// <summary>What people named on a command line.</summary>
/// <param name="Text">As written.</param>
/// <param name="Folder">The folder in which it was written, absolute.</param>
public readonly record struct Target(string Text, string Folder)
{
    /// <summary>As a path, absolute.</summary>
    public string FullPath => Path.TrimEndingDirectorySeparator(Path.GetFullPath(this.Text, this.Folder));
}
