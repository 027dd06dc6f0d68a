using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;
using Ci.Pipelines.Parameters;

namespace Ci.Cli.Verbs;

/// <summary>Experiments with the commits that they began from, their metrics and their parameters.</summary>
internal sealed class ExpTable
{
    private ExpTable(IReadOnlyList<ExpRow> rows, IReadOnlyList<ExpColumn> metrics, IReadOnlyList<ExpColumn> parameters, ExpColumn? sorted, bool descending) =>
        (this.Rows, this.Metrics, this.Parameters, this.Sorted, this.Descending) = (rows, metrics, parameters, sorted, descending);

    /// <summary>The workspace first, then each commit with its experiments.</summary>
    public IReadOnlyList<ExpRow> Rows { get; }

    public IReadOnlyList<ExpColumn> Metrics { get; }

    public IReadOnlyList<ExpColumn> Parameters { get; }

    /// <summary>The column that the rows are sorted by.</summary>
    public ExpColumn? Sorted { get; }

    public bool Descending { get; }

    /// <summary>Whether the column of <see cref="Sorted"/> is a metric.</summary>
    public bool IsSortedByMetric => this.Sorted is not null && this.Metrics.Contains(this.Sorted);

    public static async Task<ExpTable> OfAsync(CliContext context, ExperimentWorkspace home, IReadOnlyList<string> commits, ExpTableOptions options, CancellationToken ct)
    {
        using var reader = await ExpValues.OfAsync(context, home, ct);
        var head = await home.Git.ResolveAsync("HEAD", ct);
        List<ExpRow> workspace = options.HideWorkspace ? [] : [reader.Workspace()];
        var all = await home.Store.OfAsync(commits, ct);
        var queued = options.HideQueued ? [] : Queued(home, commits);
        var groups = new List<(ExpRow Commit, List<ExpRow> Experiments)>();
        foreach (var commit in commits)
        {
            // After -A, a commit may be gone while its experiments are not.
            var name = options.Ids ? commit[..7] : await ExpSupport.NameOfAsync(home, commit, ct);
            var experiments = new List<ExpRow>();
            foreach (var experiment in all.Where(e => e.Ref.Base == commit && (options.Only is null || options.Only(e)) && !(options.HideFailed && e.Status == ExperimentStatus.Failed)))
                experiments.Add(await reader.OfAsync(experiment, ct));
            experiments.AddRange(queued.Where(q => q.Base == commit));
            if (experiments.Count > 0 || commit == head || commits.Count == 1)
                groups.Add((await reader.OfAsync(commit, name, ct), experiments));
        }

        var rows = workspace.Concat(groups.SelectMany(g => g.Experiments.Prepend(g.Commit))).ToList();
        var metrics = Columns(rows, r => r.Metrics);
        var parameters = Columns(rows, r => r.Parameters);
        var sorted = options.SortBy is { } by ? Find(by, metrics, parameters) : null;
        if (sorted is not null)
            groups.ForEach(g => Sort(g.Experiments, sorted, metrics.Contains(sorted), options.Descending));
        rows = [.. workspace.Concat(groups.SelectMany(g => g.Experiments.Prepend(g.Commit)))];
        return new ExpTable(
            rows,
            options.OnlyChanged ? [.. metrics.Where(c => Varies(rows, r => r.Metric(c)))] : metrics,
            options.AllParameters ? parameters : [.. parameters.Where(c => Varies(rows, r => r.Parameter(c)))],
            sorted,
            options.Descending);
    }

    private static List<ExpRow> Queued(ExperimentWorkspace home, IReadOnlyList<string> commits)
    {
        var queue = new ExperimentQueue(home);
        return [.. queue.Entries().Where(e => commits.Contains(e.Base, StringComparer.Ordinal))
            .Select(e => new ExpRow(e.Name, e.Commit, "queued") { Base = e.Base, State = queue.IsRunning(e) ? "Running" : "Queued" })];
    }

    private static List<ExpColumn> Columns(List<ExpRow> rows, Func<ExpRow, IReadOnlyDictionary<string, object?>> of)
    {
        var all = rows.SelectMany(r => of(r)).SelectMany(f => ParameterFile.Flatten(f.Value).Where(p => p.Key.Length > 0).Select(p => (File: f.Key, p.Key))).Distinct().ToList();
        var files = all.GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return [.. all.Select(c => new ExpColumn(c.File, c.Key, files[c.Key] == 1 ? c.Key : $"{c.File}:{c.Key}"))];
    }

    private static ExpColumn Find(string name, List<ExpColumn> metrics, List<ExpColumn> parameters)
    {
        var wanted = MetricName.Parse(name);
        var all = metrics.Concat(parameters).ToList();
        var found = all.Where(c => wanted.Fits(c.File, c.Key)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CliException($"there is no metric or parameter `{name}` to sort by{NearNames.Hint(name, all.Select(c => c.Header))}"),
            _ => throw new CliException($"`{name}` could be any of {string.Join(", ", found.Select(c => $"{c.File}:{c.Key}"))}; give the file, too"),
        };
    }

    // What is missing or no number comes last, whichever way is asked for.
    private static void Sort(List<ExpRow> rows, ExpColumn column, bool isMetric, bool descending)
    {
        var order = new MetricGoal(new MetricName(column.File, column.Key), descending);
        var sorted = rows.Select((row, index) => (Row: row, Index: index, Value: isMetric ? row.Metric(column) : row.Parameter(column)))
            .Order(Comparer<(ExpRow Row, int Index, object? Value)>.Create((a, b) =>
            {
                var byValue = a.Value is string x && b.Value is string y ? (descending ? -1 : 1) * string.CompareOrdinal(x, y) : order.Compare(ExperimentValues.Number(a.Value), ExperimentValues.Number(b.Value));
                return byValue != 0 ? byValue : a.Index.CompareTo(b.Index);
            })).Select(s => s.Row).ToList();
        rows.Clear();
        rows.AddRange(sorted);
    }

    private static bool Varies(List<ExpRow> rows, Func<ExpRow, object?> value) =>
        rows.Where(r => r.Kind != "queued").Select(r => PythonText.Json(value(r), sortKeys: true)).Distinct(StringComparer.Ordinal).Count() > 1;
}
