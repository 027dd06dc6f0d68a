using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Cli.Baselines;
using Ci.Evaluation;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops compare</c>: says by the gates whether a candidate may replace the baseline.</summary>
internal static class CompareVerb
{
    public const string Summary = "Say by the gates whether a candidate may replace what is live.";

    public static Command Create(CliContext context)
    {
        var candidate = new Option<string>("--candidate") { Description = "The candidate's evaluation.", DefaultValueFactory = _ => "evaluation.json" };
        var baseline = new Option<string?>("--baseline") { Description = "The live model's evaluation, as `mlops release fetch` leaves it; or auto: what is live, else the evaluation of the commit that the pull request grew from. Without the option, or where fetch noted that nothing is live, the candidate is the first model and only absolute gates decide." };
        var gates = new Option<string>("--gates") { Description = "The gate file.", DefaultValueFactory = _ => "gates.yaml" };
        var output = new Option<string>("--out") { Description = "Where the verdict goes.", DefaultValueFactory = _ => "verdict.json" };
        var label = new Option<string?>("--baseline-label") { Description = "What sentences call the baseline; otherwise \"live v1.0.0\" where `mlops release fetch` left the release beside it, otherwise \"live\"." };
        var command = new Command("compare", $"{Summary} Exit code 0: pass, 3: regress, 4: inconclusive.") { candidate, baseline, gates, output, label };
        return command.Does(context, async (parsed, ct) =>
        {
            OutputPlace.Check(context, "--out", parsed.GetValue(output));
            var file = parsed.GetValue(gates)!;
            var (finder, found) = parsed.GetValue(baseline) == BaselineFinder.Auto ? await BaselineFinder.RunAsync(context, parsed.GetValue(candidate)!, ct) : (null, null);
            using var fetched = finder;
            var baselinePath = found is null ? parsed.GetValue(baseline) : found.Evaluation;
            NothingLive.CheckBaseline(context, baselinePath);
            var verdict = Comparer.Run(new CompareRequest
            {
                Folder = context.WorkingDirectory,
                CandidatePath = parsed.GetValue(candidate)!,
                BaselinePath = baselinePath,
                BaselineLabel = parsed.GetValue(label) ?? found?.Label ?? BaselineRelease.Label(BaselineRelease.Beside(context, baselinePath)) ?? "live",
                Gates = GateFile.Read(EvaluateVerb.ReadText(context, file), file),
                OutPath = parsed.GetValue(output)!,
            });
            if (parsed.IsJson())
                context.WriteJson(JsonNode.Parse(verdict.ToBytes())!);
            else
                Tell(context, verdict);
            return verdict.Outcome switch
            {
                Outcome.Pass => ExitCode.Ok,
                Outcome.Regress => ExitCode.Regress,
                _ => ExitCode.Inconclusive,
            };
        });
    }

    private static void Tell(CliContext context, Verdict verdict)
    {
        string[] counts =
        [
            .. new[] { (Outcome.Regress, "regress"), (Outcome.Inconclusive, "inconclusive"), (Outcome.Pass, "pass") }
                .Select(pair => (Count: verdict.Gates.Count(gate => gate.Applies && gate.Outcome == pair.Item1), Word: pair.Item2))
                .Where(pair => pair.Count > 0)
                .Select(pair => $"{pair.Count} {pair.Word}"),
        ];
        var waiting = verdict.Gates.Count(gate => !gate.Applies) is > 0 and var count ? $", {count} {(count == 1 ? "waits" : "wait")} for a baseline" : "";
        context.Line($"{Word(verdict.Outcome)}: {verdict.Candidate.Name}{Change(verdict)}; gates: {(counts.Length > 0 ? string.Join(", ", counts) : "none applies")}{waiting}");
        foreach (var gate in verdict.Gates.Where(gate => gate.Outcome != Outcome.Pass).OrderBy(gate => gate.Outcome == Outcome.Regress ? 0 : 1))
            context.Line($"  {(gate.Applies ? Word(gate.Outcome) : "not counted")}: {gate.Name}: {gate.Reason}");
    }

    internal static string Change(Verdict verdict)
    {
        if (verdict.Headline is not { } headline)
            return "";
        var decimals = MetricText.Decimals(headline.Candidate, headline.Low, headline.High);
        var unit = MetricText.Unit(headline.Unit);
        var value = $" {headline.Word}, {MetricText.Name(headline.Metric)} {MetricText.Number(headline.Candidate, decimals)}{unit}";
        if (headline.Difference is not { } difference)
            return $"{value} on {headline.Rows:#,0} rows";
        var (low, high) = difference < 0 ? (-headline.High, -headline.Low) : (headline.Low, headline.High);
        var interval = low is { } l && high is { } h ? $" ({headline.Level * 100:0.#} % interval {MetricText.Number(l, decimals)} to {MetricText.Number(h, decimals)})" : "";
        return $"{value}, {MetricText.Number(Math.Abs(difference), decimals)}{unit} {(difference < 0 ? "lower" : "higher")} than {verdict.Baseline?.Label ?? "the baseline"}{interval}, on {headline.Rows:#,0} rows";
    }

    internal static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "pass",
        Outcome.Regress => "regress",
        _ => "inconclusive",
    };
}
