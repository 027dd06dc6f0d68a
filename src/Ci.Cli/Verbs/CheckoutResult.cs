namespace Ci.Cli.Verbs;

/// <summary>What putting data into the workspace did, and what it could not do.</summary>
internal sealed class CheckoutResult
{
    /// <summary>Letter (<c>A</c> or <c>M</c>) and path of each output that changed; folders end with '/'.</summary>
    public List<(char Letter, string Path)> Done { get; } = [];

    /// <summary>Outputs that the cache does not have: absolute path, and that in words.</summary>
    public List<(string Path, string Problem)> Missing { get; } = [];

    /// <summary>What else went wrong, in words.</summary>
    public List<string> Problems { get; } = [];

    public int Modified { get; set; }

    public int Added { get; set; }

    public int Deleted { get; set; }

    /// <summary>In DVC's order: what was modified before what was added, folders before files.</summary>
    public IEnumerable<(char Letter, string Path)> Ordered =>
        this.Done.OrderBy(d => d.Letter == 'M' ? 0 : 1).ThenBy(d => d.Path.EndsWith('/') ? 0 : 1).ThenBy(d => d.Path, StringComparer.Ordinal);

    /// <summary><c>2 files modified and 1 file added</c>; empty when nothing was done.</summary>
    /// <param name="first">Counts that come before: <c>fetched</c>.</param>
    public string Summary(params (int Count, string What)[] first)
    {
        var parts = first.Concat([(this.Modified, "modified"), (this.Added, "added"), (this.Deleted, "deleted")]).Where(p => p.Item1 > 0).Select(p => $"{p.Item1} {(p.Item1 == 1 ? "file" : "files")} {p.Item2}").ToList();
        return parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
    }
}
