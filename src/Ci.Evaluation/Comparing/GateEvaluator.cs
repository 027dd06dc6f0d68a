using System.Globalization;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Finds the evidence for each gate.</summary>
internal sealed class GateEvaluator(ComparisonSide candidate, ComparisonSide? baseline, GateFile gates)
{
    private readonly string? unpaired = Unpaired(candidate, baseline);
    private PairedRows? whole;

    private PairedRows Whole => this.whole ??= PairedRows.Of(candidate, baseline!);

    private int Resamples => Math.Clamp(400 * gates.Gates.Count, 2_000, 20_000);

    private long Seed => candidate.Evaluation.Resampling?.Seed ?? 1;

    /// <summary>Why the two cannot be compared row by row; null if they can, or where there is no baseline.</summary>
    public string? CannotPair => this.unpaired;

    public GateFinding Find(Gate gate)
    {
        var unit = MetricNames.UnitOf(gate.Metric, candidate.Evaluation.Unit);
        var result = new GateResult
        {
            Name = gate.Name,
            Metric = gate.Metric,
            Slice = gate.Slice,
            Rule = gate.InWords(unit),
            Unit = unit,
            Direction = MetricNames.DirectionOf(gate.Metric),
            Candidate = Metric(candidate.Evaluation, gate)?.Value,
            Baseline = baseline is null ? null : Metric(baseline.Evaluation, gate)?.Value,
            Outcome = Outcome.Inconclusive,
            Reason = "",
        };
        return gate.IsFact ? this.Fact(gate, result) : gate.IsRelative ? this.Relative(gate, result) : this.Absolute(gate, result);
    }

    /// <summary>The change of a metric on all rows with its plain interval, candidate minus baseline, for the headline.</summary>
    public (double Candidate, double Baseline, Evidence? Evidence)? Change(string metric)
    {
        if (baseline is null || this.unpaired is not null || this.Whole.Values(metric) is not { } values)
            return null;
        var enough = this.Whole.TooFew is null;
        return (values.Candidate, values.Baseline, enough ? this.Whole.Compare(metric, gates.Level, 0, this.Resamples, this.Seed) : null);
    }

    private GateFinding Fact(Gate gate, GateResult result)
    {
        double? value = FactOf(candidate.Evaluation, gate.Metric);
        result = result with { Candidate = value, Baseline = baseline is null ? null : FactOf(baseline.Evaluation, gate.Metric), Margin = gate.Amount, Test = "exact" };
        if (value is not { } found)
            return Settled(result, Outcome.Inconclusive, $"the evaluation does not state {gate.Metric}" + (gate.Metric == MetricNames.RowsAlsoInTraining ? "; evaluate with --training-data" : ""));
        var holds = gate.Rule == GateRule.Max ? found <= gate.Amount : found >= gate.Amount;
        return Settled(result, holds ? Outcome.Pass : Outcome.Regress, $"{Number(found)} is {(holds ? "within" : "beyond")} the limit of {Number(gate.Amount)}");
    }

    private GateFinding Absolute(Gate gate, GateResult result)
    {
        result = result with { Margin = gate.Amount };
        if (candidate.Predictions is not { } predictions)
            return this.AbsoluteByDocument(gate, result);
        var scores = predictions.Scores;
        var block = candidate.Evaluation.Resampling?.BlockLength ?? 1;
        if (gate.Slice is not null)
        {
            if (SliceOf(predictions, gate.Slice) is not { } slice)
                return Settled(result, Outcome.Inconclusive, MissingSlice(predictions, gate.Slice));
            (scores, block) = (scores.Take(slice.Rows), slice.BlockLength(block));
        }

        if (MetricSet.Statistic(gate.Metric, scores) is not { } statistic || !double.IsFinite(statistic.Value))
            return Settled(result, Outcome.Inconclusive, $"{gate.Metric} means nothing on these rows");
        result = result with { Candidate = statistic.Value };
        if (PairedRows.TooFewRows(scores.Rows, block) is { } few)
            return Settled(result, Outcome.Inconclusive, few);
        return this.WeighAbsolute(gate, result, scores, statistic, block);
    }

    private GateFinding WeighAbsolute(Gate gate, GateResult result, Scores scores, IStatistic statistic, int block)
    {
        // Turned so that more is worse; what a limit bounds need not be the metric's own worse side.
        var sign = gate.Rule == GateRule.Max ? 1 : -1;
        if (gate.Metric == MetricNames.Accuracy && block == 1)
        {
            var right = scores.Losses().LongCount(loss => loss == 0);
            var wilson = Proportions.Wilson(right, scores.Rows, gates.Level);
            var p = Proportions.ScoreP(right, scores.Rows, gate.Amount, above: sign < 0);
            var (low, high) = sign > 0 ? (wilson.Low, wilson.High) : (-wilson.High, -wilson.Low);
            return Weighed(result, new Evidence(sign * statistic.Value, low, high, p, 1 - p, wilson.Method), sign, sign * gate.Amount);
        }

        var draws = Bootstrap.Distributions([statistic], block, this.Resamples, this.Seed)[0];
        var evidence = Evidence.OfDraws(sign * statistic.Value, [.. draws.Select(d => sign * d)], gates.Level, sign * gate.Amount, Bootstrap.Method(block, this.Resamples));
        return evidence is null ? Settled(result, Outcome.Inconclusive, "the resamples mean nothing; there are too few rows of some class")
            : evidence.High == evidence.Low ? Settled(result, Outcome.Inconclusive, "every resample gives the same value: too little evidence")
            : Weighed(result, evidence, sign, sign * gate.Amount);
    }

    /// <summary>Without predictions the evaluation's own interval decides, and takes no part in the adjustment.</summary>
    private GateFinding AbsoluteByDocument(Gate gate, GateResult result)
    {
        if (Metric(candidate.Evaluation, gate) is not { Low: { } low, High: { } high } metric)
            return Settled(result, Outcome.Inconclusive, $"the evaluation states no interval of {gate.Metric}{(gate.Slice is null ? "" : $" on {gate.Slice}")}");
        result = result with { Low = low, High = high, Level = metric.Level, Test = metric.Method };
        var (good, bad) = gate.Rule == GateRule.Max ? (high <= gate.Amount, low > gate.Amount) : (low >= gate.Amount, high < gate.Amount);
        return good ? Settled(result, Outcome.Pass, "the interval lies wholly on the good side of the limit")
            : bad ? Settled(result, Outcome.Regress, "the interval lies wholly on the bad side of the limit")
            : Settled(result, Outcome.Inconclusive, "the interval spans the limit: the evidence does not suffice either way");
    }

    private GateFinding Relative(Gate gate, GateResult result)
    {
        if (baseline is null)
            return new GateFinding(result with { Skipped = true, Reason = "first model: nothing is live to compare with, so this gate does not count" });
        if (this.unpaired is not null)
            return Settled(result, Outcome.Inconclusive, this.unpaired);
        var rows = this.Whole;
        if (gate.Slice is not null)
        {
            if (SliceOf(candidate.Predictions!, gate.Slice) is not { } slice)
                return Settled(result, Outcome.Inconclusive, MissingSlice(candidate.Predictions!, gate.Slice));
            rows = rows.Take(slice);
        }

        if (rows.Values(gate.Metric) is not { } values)
            return Settled(result, Outcome.Inconclusive, $"{gate.Metric} means nothing on these rows");
        var margin = gate.MarginOn(values.Baseline);
        result = result with { Candidate = values.Candidate, Baseline = values.Baseline, Difference = values.Candidate - values.Baseline, Margin = margin };
        return this.WeighRelative(gate, result, rows, gate.Rule == GateRule.NotWorse ? margin : -margin);
    }

    private GateFinding WeighRelative(Gate gate, GateResult result, PairedRows rows, double threshold)
    {
        var sameFile = candidate.Evaluation.Model.Sha256 == baseline!.Evaluation.Model.Sha256;
        if (sameFile || rows.SayTheSame)
        {
            var why = sameFile ? "the candidate is the very file that is live" : "both models say exactly the same on every row";
            result = result with { Low = 0, High = 0, Test = "identity" };
            return gate.Rule == GateRule.NotWorse && (sameFile || rows.TooFew is null)
                ? Settled(result, Outcome.Pass, why)
                : Settled(result, Outcome.Inconclusive, $"{why}: no change to judge");
        }

        if (rows.TooFew is { } few)
            return Settled(result, Outcome.Inconclusive, few);
        var evidence = rows.Compare(gate.Metric, gates.Level, threshold, this.Resamples, this.Seed);
        if (evidence is null || evidence.Low == evidence.High)
            return Settled(result, Outcome.Inconclusive, "the resamples do not tell the models apart: too few rows of some class, or too few that differ");
        // The row shows candidate minus baseline; evidence is turned so that more is worse. A bias has no such sign: its distance from 0 is shown.
        var sign = result.Direction == "higher" ? -1 : 1;
        if (result.Direction is null)
            result = result with { Difference = evidence.Worseness };
        return Weighed(result, evidence, sign, threshold);
    }

    private GateFinding Weighed(GateResult result, Evidence evidence, int sign, double threshold)
    {
        var (low, high) = sign > 0 ? (evidence.Low, evidence.High) : (-evidence.High, -evidence.Low);
        return new GateFinding(result with { Low = low, High = high, Level = gates.Level, Test = evidence.Test }, evidence, threshold);
    }

    private static string? Unpaired(ComparisonSide candidate, ComparisonSide? baseline)
    {
        if (baseline is null)
            return null;
        var (mine, theirs) = (candidate.Evaluation, baseline.Evaluation);
        if (mine.Task != theirs.Task || mine.Target != theirs.Target || !mine.Classes.SequenceEqual(theirs.Classes, StringComparer.Ordinal))
            return $"the baseline is a {theirs.Task} of '{theirs.Target}', the candidate a {mine.Task} of '{mine.Target}'; they cannot be compared";
        if (mine.Data.Sha256 != theirs.Data.Sha256)
            return $"baseline and candidate were measured on different data (SHA-256 {theirs.Data.Sha256[..12]}… and {mine.Data.Sha256[..12]}…); evaluate the live model on the new data, and compare again";
        if ((candidate.Trouble ?? baseline.Trouble) is { } trouble)
            return trouble;
        return candidate.Predictions!.Rows.SequenceEqual(baseline.Predictions!.Rows) && candidate.Predictions.Scores.Target.AsSpan().SequenceEqual(baseline.Predictions.Scores.Target)
            ? null
            : "the rows or targets of the two prediction files differ although the data is the same; evaluate both again with the same `key` and `target`";
    }

    private static Slice? SliceOf(Predictions predictions, string name) => predictions.Slices.FirstOrDefault(slice => slice.Name == name);

    private static string MissingSlice(Predictions predictions, string name)
    {
        var known = predictions.Slices.Select(slice => slice.Name).Take(12).ToArray();
        return known.Length == 0 ? $"there is no slice {name}: the evaluation has none; add `evaluate.slices`" : $"there is no slice {name}; there are {string.Join(", ", known)}";
    }

    private static MetricValue? Metric(ModelEvaluation evaluation, Gate gate) => gate.Slice is null
        ? evaluation.Metric(gate.Metric)
        : evaluation.Slices.FirstOrDefault(slice => slice.Name == gate.Slice)?.Metrics.FirstOrDefault(metric => metric.Name == gate.Metric);

    private static double? FactOf(ModelEvaluation evaluation, string fact) => fact switch
    {
        MetricNames.ModelBytes => evaluation.Model.Bytes,
        MetricNames.LatencyP95 => evaluation.Latency?.P95Ms,
        _ => evaluation.Data.RowsAlsoInTraining,
    };

    private static GateFinding Settled(GateResult result, Outcome outcome, string reason) => new(result with { Outcome = outcome, Reason = reason });

    private static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);
}
