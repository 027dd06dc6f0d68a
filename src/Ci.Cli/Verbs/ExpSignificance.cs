using Ci.Pipelines.Experiments;
using Ci.Statistics;

namespace Ci.Cli.Verbs;

/// <summary>
/// Which experiments differ from the best (or from the commit that they began from) by more than chance. Evidence is repeated runs with other
/// seeds, where there are such, else per-example predictions of the same rows. Where there is neither, nothing is said but that.
/// </summary>
/// <remarks>
/// Against the best, each of the k − 1 others is tested one-sided at 5 % / (k − 1): whichever experiment truly is the best, it is marked "worse" with a
/// chance of at most 5 %, though the best was picked by the same data (Gupta's subset selection; Hsu, Multiple Comparisons, 1996). Against the
/// baseline, which nothing was picked by, the tests are two-sided with Holm's adjustment.
/// </remarks>
internal sealed class ExpSignificance
{
    public const double Level = 0.95;

    // An adjusted p-value cannot be below this many times the resamples' resolution.
    private const int MostCompared = 100;

    private readonly Dictionary<string, ExpFinding> findings = new(StringComparer.Ordinal);
    private readonly List<string> footnotes = [];

    private ExpSignificance()
    {
    }

    public static ExpSignificance None { get; } = new();

    /// <summary>By commit of the experiment.</summary>
    public IReadOnlyDictionary<string, ExpFinding> Findings => this.findings;

    public IReadOnlyList<string> Footnotes => this.footnotes;

    public IReadOnlyDictionary<string, string> Marks => this.findings.ToDictionary(f => f.Key, f => f.Value.Mark, StringComparer.Ordinal);

    public static async Task<ExpSignificance> OfAsync(ExperimentWorkspace home, ExpTable table, bool againstBaseline, CancellationToken ct)
    {
        var result = new ExpSignificance();
        foreach (var group in table.Rows.Where(r => r.Base is not null).GroupBy(r => r.Base, StringComparer.Ordinal))
        {
            var baseline = group.FirstOrDefault(r => r.Kind == "baseline");
            var rows = group.Where(r => r.Experiment is { Status: ExperimentStatus.Done } && ExperimentValues.Number(r.Metric(table.Sorted!)) is { } v && double.IsFinite(v)).Take(MostCompared + 1).ToList();
            if (rows.Count > 0)
                await result.AddAsync(home, table, rows, againstBaseline ? baseline : null, againstBaseline, ct);
        }

        return result;
    }

    private async Task AddAsync(ExperimentWorkspace home, ExpTable table, List<ExpRow> rows, ExpRow? baseline, bool againstBaseline, CancellationToken ct)
    {
        var seeds = await ExpSeeds.OfAsync(home, table, rows, ct);
        if (!againstBaseline && seeds.Arms.Count(a => a.Values.Count > 1) > 1)
        {
            this.AddSeeds(table, seeds, rows[0]);
            return;
        }

        // Sorted by the metric: the first is the best, unless the order asked for is the other way round; then so is the reader's idea of best.
        var reference = againstBaseline ? baseline : rows[0];
        var others = rows.Where(r => r != reference).ToList();
        using var predictions = new ExpPredictions(home, table.Sorted!);
        var compared = new List<(ExpRow Row, double P, double Difference, string Method)>();
        foreach (var row in others)
        {
            if (reference is not null && await predictions.CompareAsync(row, reference, ct) is var (p, difference, method))
                compared.Add((row, p, difference, method));
        }

        if (compared.Count == 0)
        {
            this.footnotes.Add($"No marks of significance: {(rows.Count < 2 && !againstBaseline ? "there is only one experiment to compare" : $"{predictions.Trouble ?? "there are no per-example predictions (evaluation.json)"}, and no parameters were run with several seeds")}.");
            return;
        }

        var adjusted = againstBaseline ? Holm.Adjust([.. compared.Select(c => Math.Min(1, 2 * c.P))]) : [.. compared.Select(c => Math.Min(1, c.P * compared.Count))];
        for (var i = 0; i < compared.Count; i++)
            this.findings[compared[i].Row.Commit!] = Finding(compared[i], adjusted[i], reference!.Name, table, compared.Count);
        if (!againstBaseline)
            this.findings[reference!.Commit!] = new ExpFinding("best", reference.Name);
        this.footnotes.Add(Footnote(againstBaseline ? $"`{reference!.Name}`, where the experiments began" : $"the best, `{reference!.Name}`", $"per-example predictions, {compared[0].Method}", compared.Count, againstBaseline));
    }

    private static ExpFinding Finding((ExpRow Row, double P, double Difference, string Method) compared, double p, string against, ExpTable table, int count)
    {
        var worse = table.Descending ? compared.Difference < 0 : compared.Difference > 0;
        return new ExpFinding(p > 1 - Level ? "no clear difference" : worse ? "worse" : "better", against) { AdjustedP = p, Comparisons = count, Difference = compared.Difference, Method = compared.Method };
    }

    private void AddSeeds(ExpTable table, ExpSeeds seeds, ExpRow top)
    {
        var arms = seeds.Arms.Where(a => a.Values.Count > 1).OrderBy(a => (table.Descending ? -1 : 1) * a.Mean).ToList();
        var best = arms[0];
        var method = "Welch's t-test over runs with different seeds";
        foreach (var arm in arms.Skip(1))
        {
            if (Welch.Compare(arm.Values, best.Values, Level) is not var (difference, _, _, above))
                continue;
            var p = Math.Min(1, (table.Descending ? 1 - above : above) * (arms.Count - 1));
            foreach (var row in arm.Rows)
                this.findings[row.Commit!] = new ExpFinding(p > 1 - Level ? "no clear difference" : "worse", best.Name) { AdjustedP = p, Comparisons = arms.Count - 1, Difference = difference, Method = method };
        }

        // A single run may lie above them all, by luck or not: nothing tells, so nothing else is called the best then.
        var word = arms.Any(a => a.Rows.Contains(top)) ? "best" : "reference";
        foreach (var row in best.Rows)
            this.findings[row.Commit!] = new ExpFinding(word, best.Name);
        this.footnotes.Add(Footnote($"the repeated parameters that are best on average ({best.Rows.Count} runs, as `{best.Name}`)", method, arms.Count - 1, false));
    }

    private static string Footnote(string against, string method, int comparisons, bool twoSided) =>
        $"Marks compare with {against}: \"worse\"{(twoSided ? " and \"better\" are" : " is")} more than chance, ~ is no clear difference, no mark is no evidence ({method}; 5 %, adjusted for {comparisons} comparison{(comparisons == 1 ? "" : "s")}).";
}
