namespace Ci.Pipelines.Scheduling;

/// <summary>Who makes what: from paths to the numbers of their makers. Plain loops: this runs at every start, before anything is warm.</summary>
internal sealed class OutputIndex
{
    private readonly Dictionary<string, int> makers = new(StringComparer.Ordinal);
    private string[]? paths;

    /// <summary>Adds a path, absolute, that nobody else makes.</summary>
    public void Add(string path, int maker) => this.makers.Add(path, maker);

    /// <summary>Adds a stage's outputs.</summary>
    public void Add(Stage stage, int maker)
    {
        foreach (var output in stage.Outputs)
            this.makers.Add(output.FullPath, maker);
    }

    /// <summary>Finds the makers of what a stage reads: of each path itself, of a folder that holds it, and of whatever lies inside it; each once.</summary>
    public void AddMakers(Stage stage, List<int> found)
    {
        foreach (var dependency in stage.Dependencies)
            this.AddMakers(dependency.FullPath, found);
        foreach (var parameters in stage.Parameters)
            this.AddMakers(parameters.FullPath, found);
    }

    private void AddMakers(string path, List<int> found)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf(Path.DirectorySeparatorChar))])
            this.AddMaker(at, found);
        if (this.paths is null)
        {
            this.paths = [.. this.makers.Keys];
            Array.Sort(this.paths, StringComparer.Ordinal);
        }

        var inside = path + Path.DirectorySeparatorChar;
        var first = Array.BinarySearch(this.paths, inside, StringComparer.Ordinal);
        for (var i = first < 0 ? ~first : first; i < this.paths.Length && this.paths[i].StartsWith(inside, StringComparison.Ordinal); i++)
            this.AddMaker(this.paths[i], found);
    }

    private void AddMaker(string path, List<int> found)
    {
        if (this.makers.TryGetValue(path, out var maker) && !found.Contains(maker))
            found.Add(maker);
    }
}
