namespace Ci.Evaluation;

/// <summary>Finds the evidence for each gate: by facts, by the candidate alone, or against the baseline.</summary>
internal sealed class GateEvaluator(Comparison comparison)
{
    public GateFinding Find(Gate gate)
    {
        var unit = MetricNames.UnitOf(gate.Metric, comparison.Candidate.Evaluation.Unit);
        var result = new GateResult
        {
            Name = gate.Name,
            Metric = gate.Metric,
            Slice = gate.Slice,
            Rule = gate.InWords(unit),
            Unit = unit,
            Direction = MetricNames.DirectionOf(gate.Metric),
            Candidate = Comparison.Metric(comparison.Candidate.Evaluation, gate)?.Value,
            Baseline = comparison.Baseline is null ? null : Comparison.Metric(comparison.Baseline.Evaluation, gate)?.Value,
            Outcome = Outcome.Inconclusive,
            Reason = "",
        };
        return gate.IsFact ? new FactRule(comparison).Find(gate, result) : gate.IsRelative ? new RelativeRule(comparison).Find(gate, result) : new AbsoluteRule(comparison).Find(gate, result);
    }
}
