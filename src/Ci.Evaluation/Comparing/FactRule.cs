using System.Globalization;

namespace Ci.Evaluation;

/// <summary>Gates that bound a fact of the evaluation: compared exactly, without evidence.</summary>
internal sealed class FactRule(Comparison comparison)
{
    /// <summary>What the fact says.</summary>
    public GateFinding Find(Gate gate, GateResult result)
    {
        double? value = FactOf(comparison.Candidate.Evaluation, gate.Metric);
        result = result with { Candidate = value, Baseline = comparison.Baseline is null ? null : FactOf(comparison.Baseline.Evaluation, gate.Metric), Margin = gate.Amount, Test = "exact" };
        if (value is not { } found)
            return GateFinding.Settled(result, Outcome.Inconclusive, $"the evaluation does not state {gate.Metric}" + (gate.Metric == MetricNames.RowsAlsoInTraining ? "; evaluate with --training-data" : ""));
        var holds = gate.Rule == GateRule.Max ? found <= gate.Amount : found >= gate.Amount;
        return GateFinding.Settled(result, holds ? Outcome.Pass : Outcome.Regress, $"{Number(found)} is {(holds ? "within" : "beyond")} the limit of {Number(gate.Amount)}");
    }

    private static double? FactOf(ModelEvaluation evaluation, string fact) => fact switch
    {
        MetricNames.ModelBytes => evaluation.Model.Bytes,
        MetricNames.LatencyP95 => evaluation.Latency?.P95Ms,
        _ => evaluation.Data.RowsAlsoInTraining,
    };

    private static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);
}
