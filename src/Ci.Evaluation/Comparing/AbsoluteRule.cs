using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Gates that hold the candidate's own value against a limit.</summary>
internal sealed class AbsoluteRule(Comparison comparison)
{
    /// <summary>The evidence on one gate.</summary>
    public GateFinding Find(Gate gate, GateResult result)
    {
        result = result with { Margin = gate.Amount };
        if (comparison.Candidate.Predictions is not { } predictions)
            return this.ByDocument(gate, result);
        var scores = predictions.Scores;
        var block = comparison.Candidate.Evaluation.Resampling?.BlockLength ?? 1;
        if (gate.Slice is not null)
        {
            if (Comparison.SliceOf(predictions, gate.Slice) is not { } slice)
                return GateFinding.Settled(result, Outcome.Inconclusive, Comparison.MissingSlice(predictions, gate.Slice));
            (scores, block) = (scores.Take(slice.Rows), slice.BlockLength(block));
        }

        if (MetricSet.Statistic(gate.Metric, scores) is not { } statistic || !double.IsFinite(statistic.Value))
            return GateFinding.Settled(result, Outcome.Inconclusive, $"{gate.Metric} means nothing on these rows");
        result = result with { Candidate = statistic.Value };
        if (PairedRows.TooFewRows(scores.Rows, block) is { } few)
            return GateFinding.Settled(result, Outcome.Inconclusive, few);
        return this.Weigh(gate, result, scores, statistic, block);
    }

    private GateFinding Weigh(Gate gate, GateResult result, Scores scores, IStatistic statistic, int block)
    {
        // Turned so that more is worse; what a limit bounds need not be the metric's own worse side.
        var sign = gate.Rule == GateRule.Max ? 1 : -1;
        if (gate.Metric == MetricNames.Accuracy && block == 1)
        {
            var right = scores.Losses().LongCount(loss => loss == 0);
            var wilson = Proportions.Wilson(right, scores.Rows, comparison.Level);
            var p = Proportions.ScoreP(right, scores.Rows, gate.Amount, above: sign < 0);
            var (low, high) = sign > 0 ? (wilson.Low, wilson.High) : (-wilson.High, -wilson.Low);
            return GateFinding.Weighed(result, new Evidence(sign * statistic.Value, low, high, p, 1 - p, wilson.Method), comparison.Level, sign, sign * gate.Amount);
        }

        var distribution = Bootstrap.Distributions([statistic], block, comparison.Resamples, comparison.Seed)[0];
        var evidence = Evidence.OfResamples(statistic.Value, distribution, sign, comparison.Level, sign * gate.Amount, distribution.Method);
        return evidence is null ? GateFinding.Settled(result, Outcome.Inconclusive, "the resamples mean nothing; there are too few rows of some class")
            : evidence.High == evidence.Low ? GateFinding.Settled(result, Outcome.Inconclusive, "every resample gives the same value: too little evidence")
            : GateFinding.Weighed(result, evidence, comparison.Level, sign, sign * gate.Amount);
    }

    /// <summary>Without predictions the evaluation's own interval decides, and takes no part in the adjustment.</summary>
    private GateFinding ByDocument(Gate gate, GateResult result)
    {
        if (Comparison.Metric(comparison.Candidate.Evaluation, gate) is not { Low: { } low, High: { } high } metric)
            return GateFinding.Settled(result, Outcome.Inconclusive, $"the evaluation states no interval of {gate.Metric}{(gate.Slice is null ? "" : $" on {gate.Slice}")}");
        result = result with { Low = low, High = high, Level = metric.Level, Test = metric.Method };
        var (good, bad) = gate.Rule == GateRule.Max ? (high <= gate.Amount, low > gate.Amount) : (low >= gate.Amount, high < gate.Amount);
        return good ? GateFinding.Settled(result, Outcome.Pass, "the interval lies wholly on the good side of the limit")
            : bad ? GateFinding.Settled(result, Outcome.Regress, "the interval lies wholly on the bad side of the limit")
            : GateFinding.Settled(result, Outcome.Inconclusive, "the interval spans the limit: the evidence does not suffice either way");
    }
}
