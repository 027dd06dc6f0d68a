namespace Ci.Evaluation;

/// <summary>Gates that hold the candidate against the baseline, row by row.</summary>
internal sealed class RelativeRule(Comparison comparison)
{
    /// <summary>The evidence on one gate.</summary>
    public GateFinding Find(Gate gate, GateResult result)
    {
        if (comparison.Baseline is null)
            return new GateFinding(result with { Skipped = true, Reason = "first model: nothing is live to compare with, so this gate does not count" });
        if (comparison.CannotPair is not null)
            return GateFinding.Settled(result, Outcome.Inconclusive, comparison.CannotPair);
        var rows = comparison.Whole;
        if (gate.Slice is not null)
        {
            if (Comparison.SliceOf(comparison.Candidate.Predictions!, gate.Slice) is not { } slice)
                return GateFinding.Settled(result, Outcome.Inconclusive, Comparison.MissingSlice(comparison.Candidate.Predictions!, gate.Slice));
            rows = rows.Take(slice);
        }

        if (rows.Values(gate.Metric) is not { } values)
            return GateFinding.Settled(result, Outcome.Inconclusive, $"{gate.Metric} means nothing on these rows");
        var margin = gate.MarginOn(values.Baseline);
        result = result with { Candidate = values.Candidate, Baseline = values.Baseline, Difference = values.Candidate - values.Baseline, Margin = margin };
        return this.Weigh(gate, result, rows, gate.Rule == GateRule.NotWorse ? margin : -margin);
    }

    private GateFinding Weigh(Gate gate, GateResult result, PairedRows rows, double threshold)
    {
        var sameFile = comparison.Candidate.Evaluation.Model.Sha256 == comparison.Baseline!.Evaluation.Model.Sha256;
        if (sameFile || rows.SayTheSame)
        {
            var why = sameFile ? "the candidate is the very file that is live" : "both models say exactly the same on every row";
            result = result with { Low = 0, High = 0, Test = "identity" };
            return gate.Rule == GateRule.NotWorse && (sameFile || rows.TooFew is null)
                ? GateFinding.Settled(result, Outcome.Pass, why)
                : GateFinding.Settled(result, Outcome.Inconclusive, $"{why}: no change to judge");
        }

        if (rows.TooFew is { } few)
            return GateFinding.Settled(result, Outcome.Inconclusive, few);
        var evidence = rows.Compare(gate.Metric, comparison.Level, threshold, comparison.Resamples, comparison.Seed);
        if (evidence is null || evidence.Low == evidence.High)
            return GateFinding.Settled(result, Outcome.Inconclusive, "the resamples do not tell the models apart: too few rows of some class, or too few that differ");
        // The row shows candidate minus baseline; evidence is turned so that more is worse. A bias has no such sign: its distance from 0 is shown.
        var sign = result.Direction == "higher" ? -1 : 1;
        if (result.Direction is null)
            result = result with { Difference = evidence.Worseness };
        return GateFinding.Weighed(result, evidence, comparison.Level, sign, threshold);
    }
}
