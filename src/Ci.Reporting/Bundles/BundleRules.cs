using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// Whether the documents of a bundle agree: one model, one verdict, an outcome that the gates bear and gates that their own intervals bear. A forger
/// can still invent numbers, as long as they are consistent; what is shown therefore says whose numbers they are.
/// </summary>
internal static class BundleRules
{
    public static void Check(ReportBundle bundle, string evaluationSha256)
    {
        var (report, evaluation, verdict) = (bundle.Report, bundle.Evaluation, bundle.Verdict);
        var wrong = new List<string>();
        if (report.Model.Sha256 != evaluation.Model.Sha256 || verdict.Candidate.Sha256 != evaluation.Model.Sha256)
            wrong.Add("report, evaluation and verdict are about different models");
        if (verdict.Candidate.EvaluationSha256 != evaluationSha256)
            wrong.Add("the verdict is over another evaluation");
        if (report.Outcome != verdict.Outcome)
            wrong.Add("the report's outcome is not the verdict's");
        if (report.Gates.Count != verdict.Gates.Count || report.Gates.Zip(verdict.Gates).Any(pair => !Same(pair.First, pair.Second)))
            wrong.Add("the report's gates are not the verdict's");
        if (report.Metrics.Any(metric => evaluation.Metric(metric.Name) is not { } measured || measured.Value != metric.Candidate.Value || measured.Low != metric.Candidate.Low || measured.High != metric.Candidate.High))
            wrong.Add("the report's metrics are not the evaluation's");
        wrong.AddRange(verdict.Gates.Where(gate => !Borne(gate)).Select(gate => $"gate '{PlainText.Clean(gate.Name, 40)}' says {GateWord(gate.Outcome)}, and its interval does not bear it"));
        if (wrong.Count > 0)
            throw new BundleRefusedException($"the bundle contradicts itself: {string.Join("; ", wrong.Take(10))}");
    }

    private static bool Same(ReportGate shown, GateResult gate) =>
        (shown.Name, shown.Metric, shown.Slice, shown.Outcome, shown.Skipped) == (gate.Name, gate.Metric, gate.Slice, gate.Outcome, gate.Skipped)
        && (shown.Candidate, shown.Baseline, shown.Difference, shown.Low, shown.High, shown.Margin) == (gate.Candidate, gate.Baseline, gate.Difference, gate.Low, gate.High, gate.Margin)
        && shown.Direction == gate.Direction && (shown.Rule ?? "") == gate.Rule;

    // What every rule asks at least of a difference: pass lies within what is tolerated, regress is no gain beyond what is asked.
    private static bool Borne(GateResult gate)
    {
        if (gate is not { Skipped: false, Difference: not null, Low: { } low, High: { } high, Margin: { } margin, Direction: { } direction })
            return true;
        var (best, worst) = direction == "higher" ? (-high, -low) : (low, high);
        var room = 1e-9 * Math.Max(1, Math.Abs(margin));
        return low <= high + room && gate.Outcome switch
        {
            Outcome.Pass => worst <= Math.Abs(margin) + room,
            Outcome.Regress => best >= -Math.Abs(margin) - room,
            _ => true,
        };
    }

    private static string GateWord(Outcome outcome) => outcome.ToString().ToLowerInvariant();
}
