using Ci.Data;
using Ci.Pipelines.Experiments;
using Ci.Pipelines.Parameters;

namespace Ci.Cli.Verbs;

/// <summary>Experiments that differ in their seed alone, put together.</summary>
internal sealed class ExpSeeds
{
    private ExpSeeds(IReadOnlyList<Arm> arms) => this.Arms = arms;

    public IReadOnlyList<Arm> Arms { get; }

    /// <summary>Groups rows by parameters without seeds, and by code: the files of the commit but parameters, locks and metrics.</summary>
    public static async Task<ExpSeeds> OfAsync(ExperimentWorkspace home, ExpTable table, IReadOnlyList<ExpRow> rows, CancellationToken ct)
    {
        var keyed = new List<(string Key, ExpRow Row)>();
        // Without a seed that varies there is nothing to put together, and no files to look at.
        if (rows.Select(r => r.Experiment!.Record?.Seed).Distinct().Count() > 1)
        {
            foreach (var row in rows.Where(r => r.Experiment!.Record?.Seed is not null))
                keyed.Add(($"{Parameters(row)}\n{await CodeAsync(home, row, ct)}", row));
        }

        // The same seed twice is one run, seen twice.
        return new ExpSeeds([.. keyed.GroupBy(k => k.Key, StringComparer.Ordinal).Select(g => g.Select(k => k.Row).DistinctBy(r => r.Experiment!.Record!.Seed).ToList())
            .Select(g => new Arm(g[0].Name, g, [.. g.Select(r => ExperimentValues.Number(r.Metric(table.Sorted!))!.Value)]))]);
    }

    private static string Parameters(ExpRow row) =>
        string.Join('\n', row.Parameters.OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => ParameterFile.Flatten(f.Value).Where(p => !TrialSeeds.IsSeed(p.Key)).Select(p => $"{f.Key}:{p.Key}={PythonText.Json(p.Value, sortKeys: true)}")));

    private static async Task<string> CodeAsync(ExperimentWorkspace home, ExpRow row, CancellationToken ct)
    {
        var results = row.Parameters.Keys.Concat(row.Metrics.Keys).Select(home.InGit).ToHashSet(StringComparer.Ordinal);
        return string.Join('\n', (await home.Git.ListTreeAsync(row.Commit!, ct: ct)).Where(e => !results.Contains(e.Path) && Path.GetFileName(e.Path) is not ("dvc.lock" or ".gitignore") && !IsOutput(row, home, e.Path)).Select(e => $"{e.Id} {e.Path}"));
    }

    // What a stage made and Git keeps: figures, reports.
    private static bool IsOutput(ExpRow row, ExperimentWorkspace home, string path) => row.Experiment!.Record!.Data.Keys.Any(d => home.InGit(d) == path);

    /// <summary>One set of parameters.</summary>
    /// <param name="Name">The first experiment's.</param>
    /// <param name="Rows">One a seed.</param>
    /// <param name="Values">The sorted metric of each.</param>
    internal sealed record Arm(string Name, IReadOnlyList<ExpRow> Rows, IReadOnlyList<double> Values)
    {
        public double Mean => this.Values.Sum() / this.Values.Count;
    }
}
