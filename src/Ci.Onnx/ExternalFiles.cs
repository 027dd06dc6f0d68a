namespace Ci.Onnx;

/// <summary>
/// Where the weights of a model may lie that are not in its own file (<c>external_data</c>, the usual form above 2 GB). Nothing else is opened,
/// whatever the model says.
/// </summary>
public sealed class ExternalFiles
{
    private ExternalFiles(string folder, IReadOnlyDictionary<string, string>? paths) => (this.Folder, this.Paths) = (folder, paths);

    /// <summary>The folder that holds all of them, whole.</summary>
    public string Folder { get; }

    /// <summary>Names as the model gives them, to paths relative to <see cref="Folder"/>; null where the names are the paths.</summary>
    public IReadOnlyDictionary<string, string>? Paths { get; }

    /// <summary>They lie elsewhere than the model says.</summary>
    internal bool AreElsewhere => this.Paths is not null;

    /// <summary>Under the names that the model gives, in this folder or below it, no link among them.</summary>
    public static ExternalFiles Beside(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new ExternalFiles(Path.GetFullPath(folder), null);
    }

    /// <summary>Wherever the caller keeps them: the model's names are looked up and never become paths.</summary>
    /// <param name="folder">A folder above all of them.</param>
    /// <param name="paths">Names as the model gives them, to paths relative to the folder, with '/'.</param>
    public static ExternalFiles At(string folder, IReadOnlyDictionary<string, string> paths)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(paths);
        return new ExternalFiles(Path.GetFullPath(folder), paths);
    }

    /// <summary>The path within the folder; null where the model may not name that.</summary>
    internal string? PathOf(string location) =>
        this.Paths is { } known ? known.GetValueOrDefault(location) : IsInside(location, this.Folder) ? location : null;

    /// <summary>A link anywhere below the folder may lead out of it again, so each step is looked at.</summary>
    private static bool IsInside(string location, string folder)
    {
        if (Path.IsPathRooted(location) || location.AsSpan().ContainsAny('\\', '\0') || location.Split('/').Any(part => part is ".." or "." or ""))
            return false;
        var path = folder;
        foreach (var part in location.Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null || new DirectoryInfo(path).LinkTarget is not null)
                return false;
        }

        return true;
    }
}
