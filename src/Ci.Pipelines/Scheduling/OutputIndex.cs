namespace Ci.Pipelines.Scheduling;

/// <summary>Who makes what: from paths to the numbers of their makers.</summary>
internal sealed class OutputIndex
{
    private readonly Dictionary<string, int> makers;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    private readonly string[] paths;

    /// <summary>Paths are absolute, each made once.</summary>
    public OutputIndex(IEnumerable<(string Path, int Maker)> outputs)
    {
        this.makers = outputs.ToDictionary(o => o.Path, o => o.Maker, StringComparer.Ordinal);
        this.bySpan = this.makers.GetAlternateLookup<ReadOnlySpan<char>>();
        this.paths = [.. this.makers.Keys];
        Array.Sort(this.paths, StringComparer.Ordinal);
    }

    /// <summary>Adds the maker of the path itself, of a folder that holds it, and of whatever lies inside it; each once.</summary>
    public void AddMakers(string path, List<int> found)
    {
        for (var at = path.AsSpan(); at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf(Path.DirectorySeparatorChar))])
        {
            if (this.bySpan.TryGetValue(at, out var maker) && !found.Contains(maker))
                found.Add(maker);
        }

        var inside = path + Path.DirectorySeparatorChar;
        var first = Array.BinarySearch(this.paths, inside, StringComparer.Ordinal);
        for (var i = first < 0 ? ~first : first; i < this.paths.Length && this.paths[i].StartsWith(inside, StringComparison.Ordinal); i++)
        {
            if (this.makers[this.paths[i]] is var maker && !found.Contains(maker))
                found.Add(maker);
        }
    }
}
