using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>Brings evaluation, verdict and lineage together as one report.</summary>
public static class ReportBuilder
{
    /// <summary>
    /// Builds the report. Throws <see cref="ReportException"/> where the documents do not belong together: a verdict over another
    /// model, or a baseline of another task.
    /// </summary>
    public static Report Build(ReportInput input)
    {
        var (candidate, baseline, verdict) = (input.Candidate, input.Baseline, input.Verdict);
        if (verdict.Candidate.Sha256 != candidate.Model.Sha256)
            throw new ReportException($"the verdict is over model {verdict.Candidate.Sha256}, the evaluation over {candidate.Model.Sha256}: run `mlops compare` again with this evaluation");
        if (baseline is not null && baseline.Task != candidate.Task)
            throw new ReportException($"the baseline's task is {baseline.Task}, the candidate's {candidate.Task}: they cannot be reported side by side");

        // A baseline measured on other rows is named, but none of its numbers may stand beside the candidate's.
        var comparable = baseline is not null && baseline.Data.Sha256 == candidate.Data.Sha256 ? baseline : null;
        return new Report
        {
            Outcome = verdict.Outcome,
            Task = candidate.Task,
            Target = candidate.Target,
            Unit = NullIfEmpty(candidate.Unit),
            Model = ModelOf(candidate.Model),
            Baseline = BaselineOf(input),
            NoBaseline = BaselineOf(input) is null ? NullIfEmpty(input.NoBaseline) : null,
            Data = DataOf(candidate.Data),
            Gates = [.. verdict.Gates.Select(GateOf)],
            Deciding = DecidingOf(verdict),
            Metrics = [.. candidate.Metrics.Select(metric => MetricOf(metric, comparable?.Metric(metric.Name), candidate))],
            Slices = SliceTable.Of(candidate, comparable, verdict),
            Series = SeriesOf(candidate.Series, comparable?.Series) with { Learning = input.Learning, History = HistoryOf(input) },
            DataCheck = input.DataCheck is { } check ? ReportDataCheck.Of(check) : null,
            Latency = LatencyOf(candidate, baseline),
            Parameters = ParametersOf(input),
            Lineage = input.Lineage,
        };
    }

    internal static Measurement MeasurementOf(MetricValue metric) => new(metric.Value, metric.Low, metric.High, metric.Level, metric.Method);

    internal static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static ReportBaseline? BaselineOf(ReportInput input)
    {
        if (input.Verdict.Baseline is not { } compared && input.Baseline is null)
            return null;
        var label = input.BaselineLabel ?? input.Verdict.Baseline?.Label ?? "baseline";
        return new ReportBaseline { Label = label, Sha256 = input.Verdict.Baseline?.Sha256 ?? input.Baseline?.Model.Sha256, Commit = input.BaselineCommit, Since = input.BaselineSince, CommitsBehind = input.BaselineBehind };
    }

    private static ReportModel ModelOf(EvaluatedModel model) => new()
    {
        Name = model.Name,
        Sha256 = model.Sha256,
        Bytes = model.Bytes,
        IrVersion = model.IrVersion,
        Opsets = model.Opsets,
        Producer = NullIfEmpty(model.Producer),
        Nodes = model.Nodes,
        Parameters = model.Parameters,
        Inputs = [.. model.Inputs.Select(TensorOf)],
        Outputs = [.. model.Outputs.Select(TensorOf)],
    };

    private static string TensorOf(TensorFacts tensor) =>
        $"{tensor.Name}: {tensor.Datatype} [{string.Join(", ", tensor.Shape.Select(length => length < 0 ? "any" : length.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";

    private static ReportData DataOf(EvaluatedData data) => new()
    {
        Path = data.Path,
        Sha256 = data.Sha256,
        Rows = data.Rows,
        Split = NullIfEmpty(data.Split),
        From = data.From,
        To = data.To,
        TrainingPath = data.TrainingPath,
        TrainingSha256 = data.TrainingSha256,
        TrainingRows = data.TrainingRows,
        RowsAlsoInTraining = data.RowsAlsoInTraining,
    };

    private static ReportGate GateOf(GateResult gate) => new()
    {
        Name = gate.Name,
        Metric = gate.Metric,
        Slice = gate.Slice,
        Rule = gate.Rule,
        Unit = NullIfEmpty(gate.Unit),
        Direction = gate.Direction,
        Baseline = gate.Baseline,
        Candidate = gate.Candidate,
        Difference = gate.Difference,
        Low = gate.Low,
        High = gate.High,
        Level = gate.Level,
        Test = gate.Test,
        P = gate.P,
        AdjustedP = gate.AdjustedP,
        Margin = gate.Margin,
        Outcome = gate.Outcome,
        Skipped = gate.Skipped,
        Reason = gate.Reason,
    };

    private static ReportGate? DecidingOf(Verdict verdict) => verdict.Headline is { Difference: not null } headline
        ? new ReportGate
        {
            Name = headline.Metric,
            Metric = headline.Metric,
            Unit = NullIfEmpty(headline.Unit),
            Direction = headline.Direction,
            Candidate = headline.Candidate,
            Baseline = headline.Baseline,
            Difference = headline.Difference,
            Low = headline.Low,
            High = headline.High,
            Level = headline.Level,
            Outcome = verdict.Outcome,
        }
        : null;

    private static ReportMetric MetricOf(MetricValue metric, MetricValue? baseline, ModelEvaluation candidate) => new()
    {
        Name = metric.Name,
        Unit = NullIfEmpty(metric.Unit),
        Direction = metric.Direction,
        Candidate = MeasurementOf(metric),
        Baseline = baseline is null ? null : MeasurementOf(baseline),
        Training = candidate.TrainingMetrics.FirstOrDefault(training => training.Name == metric.Name)?.Value,
    };

    private static ReportLatency? LatencyOf(ModelEvaluation candidate, ModelEvaluation? baseline) => candidate.Latency is { } latency
        ? new ReportLatency
        {
            P50Ms = latency.P50Ms,
            P95Ms = latency.P95Ms,
            P99Ms = latency.P99Ms,
            QuantilesMs = latency.QuantilesMs,
            Batch = latency.Batch,
            Runs = latency.Runs,
            Machine = candidate.Machine is { } m ? $"{m.Os}, {m.Architecture}, {Numbers.Count(m.Cpus, "processor")}, {m.Runtime}, {m.Provider}" : null,
            // Another machine's milliseconds are no baseline.
            Baseline = baseline?.Latency is { } other && other.Batch == latency.Batch && candidate.Machine is not null && candidate.Machine == baseline.Machine
                ? new ReportLatencyBaseline { P50Ms = other.P50Ms, P95Ms = other.P95Ms, P99Ms = other.P99Ms, QuantilesMs = other.QuantilesMs }
                : null,
        }
        : null;

    private static ReportHistory? HistoryOf(ReportInput input)
    {
        var metric = input.Candidate.Metric(input.Verdict.Headline?.Metric ?? "") ?? input.Candidate.Metrics[0];
        if (input.History.Count == 0)
            return null;
        return new ReportHistory
        {
            Metric = metric.Name,
            Unit = NullIfEmpty(metric.Unit),
            Direction = metric.Direction,
            Points =
            [
                .. input.History.TakeLast(ReportHistory.MostPoints - 1),
                new HistoryPoint(metric.Value, input.Lineage.Commit, input.Lineage.CreatedAt, metric.Low, metric.High),
            ],
        };
    }

    private static List<ReportParameter> ParametersOf(ReportInput input) =>
        [.. input.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ReportParameter(pair.Key, pair.Value, input.BaselineParameters?.GetValueOrDefault(pair.Key)))];

    private static ReportSeries SeriesOf(EvaluationSeries? candidate, EvaluationSeries? baseline) => new()
    {
        Timeline = candidate?.Timeline is { } timeline ? TimelineOf(timeline, baseline?.Timeline) : null,
        Residuals = candidate?.Residuals is { Counts.Count: > 0 } residuals ? ResidualsOf(residuals, baseline?.Residuals) : null,
        Confusion = candidate?.Confusion is { Labels.Count: > 0 } confusion ? new ReportConfusion { Labels = confusion.Labels, Counts = confusion.Counts } : null,
        Calibration = candidate?.Calibration is { } bins ? new ReportCalibration { Candidate = BinsOf(bins), Baseline = baseline?.Calibration is { } others ? BinsOf(others) : null } : null,
        Ranking = candidate?.Ranking is { } ranking ? new ReportRanking { Candidate = ranking, Baseline = baseline?.Ranking } : null,
        Actual = candidate?.Actual is { } actual ? ActualOf(actual, baseline?.Actual) : null,
        Importance = candidate?.Importance is { } importance
            ? new ReportImportance { Candidate = importance, Baseline = baseline?.Importance is { } b && b.Metric == importance.Metric ? b : null }
            : null,
    };

    private static ReportActual ActualOf(ActualSeries candidate, ActualSeries? baseline)
    {
        var same = baseline is not null && baseline.Low == candidate.Low && baseline.Width == candidate.Width && baseline.Bins == candidate.Bins;
        return new ReportActual
        {
            Low = candidate.Low,
            Width = candidate.Width,
            Bins = candidate.Bins,
            Candidate = candidate.Counts,
            CandidateBeyond = candidate.Beyond,
            Baseline = same ? baseline!.Counts : null,
            BaselineBeyond = same ? baseline!.Beyond : 0,
        };
    }

    private static ReportTimeline TimelineOf(TimelineSeries candidate, TimelineSeries? baseline)
    {
        var others = baseline?.Days == candidate.Days
            ? baseline.Points.GroupBy(point => point.From).ToDictionary(group => group.Key, group => group.First().Prediction)
            : [];
        return new ReportTimeline
        {
            Days = candidate.Days,
            Points = [.. candidate.Points.Select(point => new TimelinePoint(point.From, point.Rows, point.Target, point.Prediction, others.TryGetValue(point.From, out var other) ? other : null))],
        };
    }

    // Bins follow from the targets: on the same data both models have the same ones, and otherwise they cannot be drawn together.
    private static ReportResiduals ResidualsOf(ResidualSeries candidate, ResidualSeries? baseline)
    {
        var same = baseline is not null && baseline.Low == candidate.Low && baseline.Width == candidate.Width && baseline.Counts.Count == candidate.Counts.Count;
        return new ReportResiduals
        {
            Low = candidate.Low,
            Width = candidate.Width,
            Candidate = candidate.Counts,
            CandidateBeyond = candidate.Beyond,
            Baseline = same ? baseline!.Counts : null,
            BaselineBeyond = same ? baseline!.Beyond : 0,
        };
    }

    private static IReadOnlyList<CalibrationBin> BinsOf(IReadOnlyList<CalibrationPoint> points) =>
        [.. points.Select(point => new CalibrationBin(point.Predicted, point.Observed, point.Low, point.High, point.Rows))];
}
