using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Compares a candidate with the baseline by the gates. Comparisons are paired, row by row on the same data; Holm's adjustment runs
/// over all gates that were tested. Too little evidence is inconclusive, never a pass.
/// </summary>
public static class Comparer
{
    /// <summary>Compares, and writes the verdict if the request says where.</summary>
    /// <exception cref="EvaluationException">A document cannot be read, or the predictions are not those that it names.</exception>
    public static Verdict Run(CompareRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var candidate = ComparisonSide.Read(request.CandidatePath, Full(request, request.CandidatePath));
        var baseline = request.BaselinePath is { } path && File.Exists(Full(request, path)) ? ComparisonSide.Read(path, Full(request, path)) : null;
        var comparison = new Comparison(candidate, baseline, request.Gates);
        var evaluator = new GateEvaluator(comparison);
        var findings = request.Gates.Gates.Select(evaluator.Find).ToArray();

        var tested = findings.Where(finding => finding.Evidence is not null).ToArray();
        var adjusted = Holm.Adjust([.. tested.Select(finding => finding.P)]);
        var results = findings
            .Select(finding => Array.IndexOf(tested, finding) is >= 0 and var at ? finding.Decide(adjusted[at], request.Gates.Level, tested.Length) : finding.Result)
            .ToArray();
        var verdict = new Verdict
        {
            Outcome = Verdict.Of(results),
            Headline = HeadlineOf(request.Gates, comparison),
            Candidate = Model(candidate, null),
            Baseline = baseline is null ? null : Model(baseline, request.BaselineLabel),
            Gates = results,
        };
        if (request.OutPath is { } outPath)
            AtomicFile.Write(Full(request, outPath), verdict.ToBytes());
        return verdict;
    }

    private static Headline? HeadlineOf(GateFile gates, Comparison comparison)
    {
        var (candidate, baseline) = (comparison.Candidate, comparison.Baseline);
        var metric = gates.Metric
            ?? gates.Gates.FirstOrDefault(gate => gate.IsRelative)?.Metric
            ?? gates.Gates.FirstOrDefault(gate => !gate.IsFact)?.Metric
            ?? candidate.Evaluation.Metrics[0].Name;
        if (candidate.Evaluation.Metric(metric) is not { } value)
            return null;
        var headline = new Headline(
            baseline is null ? "first model" : "not comparable", metric, value.Unit, value.Direction, value.Value, candidate.Evaluation.Data.Rows);
        if (comparison.Change(metric) is not { } change)
            return headline;
        if (candidate.Evaluation.Model.Sha256 == baseline!.Evaluation.Model.Sha256)
            return headline with { Word = "unchanged", Candidate = change.Candidate, Baseline = change.Baseline, Difference = 0 };
        headline = headline with { Word = "no clear difference", Candidate = change.Candidate, Baseline = change.Baseline, Difference = change.Candidate - change.Baseline };
        return change.Evidence is { } evidence ? WithInterval(headline, evidence, gates.Level) : headline;
    }

    private static Headline WithInterval(Headline headline, Evidence evidence, double level)
    {
        var (low, high) = headline.Direction == "higher" ? (-evidence.High, -evidence.Low) : (evidence.Low, evidence.High);
        return headline with
        {
            Word = evidence.High < 0 ? "better" : evidence.Low > 0 ? "worse" : "no clear difference",
            Difference = headline.Direction is null ? evidence.Worseness : headline.Difference,
            Low = low,
            High = high,
            Level = level,
        };
    }

    private static ComparedModel Model(ComparisonSide side, string? label) => new()
    {
        Name = side.Evaluation.Model.Name,
        Sha256 = side.Evaluation.Model.Sha256,
        EvaluationSha256 = side.Sha256,
        Label = label,
    };

    private static string Full(CompareRequest request, string path) => Path.GetFullPath(path, request.Folder);
}
