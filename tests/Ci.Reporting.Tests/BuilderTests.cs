using Ci.Evaluation;

namespace Ci.Reporting.Tests;

public sealed class BuilderTests
{
    private static readonly ReportLineage Lineage = new() { CreatedAt = DateTimeOffset.UnixEpoch, Version = "1.2.3" };

    private static ModelEvaluation Evaluation(char digest, double rmse, char data = 'd') => new()
    {
        Model = new EvaluatedModel { Name = "energy-load", Path = "model.onnx", Sha256 = new string(digest, 64), Bytes = 1000, Inputs = [new TensorFacts("features", "FP32", [-1, 69])] },
        Data = new EvaluatedData { Path = "data/test.csv", Sha256 = new string(data, 64), Rows = 100, RowsAlsoInTraining = 3 },
        Task = Tasks.Regression,
        Target = "load",
        Unit = "MW",
        Metrics = [new MetricValue { Name = "rmse", Value = rmse, Unit = "MW", Direction = "lower", Low = rmse - 30, High = rmse + 40, Level = 0.95 }],
        TrainingMetrics = [new MetricValue { Name = "rmse", Value = 816, Unit = "MW", Direction = "lower" }],
        Slices =
        [
            new SliceValue("month=1", 50, [new MetricValue { Name = "rmse", Value = rmse - 5, Unit = "MW", Low = rmse - 35, High = rmse + 35, Level = 0.95 }]),
            new SliceValue("month=2", 50, [new MetricValue { Name = "rmse", Value = rmse + 5, Unit = "MW", Low = rmse - 35, High = rmse + 35, Level = 0.95 }]),
        ],
        Series = new EvaluationSeries
        {
            Timeline = new TimelineSeries(7, [.. Enumerable.Range(0, 4).Select(week => new TimelineMean(DateTimeOffset.UnixEpoch.AddDays(7 * week), 25, 100 + week, rmse / 10 + week))]),
            Residuals = new ResidualSeries(-10, 5, [1, 2, 3, 4], 0),
        },
    };

    private static Verdict Verdict(params GateResult[] gates) => new()
    {
        Outcome = Ci.Evaluation.Verdict.Of(gates),
        Candidate = new ComparedModel { Name = "energy-load", Sha256 = new string('c', 64), EvaluationSha256 = new string('e', 64) },
        Baseline = new ComparedModel { Name = "energy-load", Sha256 = new string('b', 64), EvaluationSha256 = new string('f', 64), Label = "live v1" },
        Headline = new Ci.Evaluation.Headline("better", "rmse", "MW", "lower", 2305, 100, 2966, -661, -718, -603, 0.95),
        Gates = gates,
    };

    private static readonly GateResult MonthOne = new()
    {
        Name = "month", Metric = "rmse", Slice = "month=1", Rule = "not worse", Unit = "MW", Direction = "lower", Candidate = 2300, Baseline = 2961, Difference = -661, Low = -700, High = -620, Level = 0.975, Outcome = Outcome.Pass, Reason = "it is lower",
    };

    private static Report Build(ModelEvaluation? baseline, params GateResult[] gates) =>
        ReportBuilder.Build(new ReportInput { Candidate = Evaluation('c', 2305), Baseline = baseline, Verdict = Verdict(gates), Lineage = Lineage });

    [Fact]
    public void Candidate_and_baseline_stand_side_by_side()
    {
        var report = Build(Evaluation('b', 2966), MonthOne);
        Assert.Equal("live v1", report.Baseline!.Label);
        Assert.Equal((2305, 2966, 816), (report.Metrics[0].Candidate.Value, report.Metrics[0].Baseline!.Value, report.Metrics[0].Training));
        Assert.Equal("energy-load: better. RMSE 2,305 MW, 661 MW lower than live v1 (95 % interval 603 to 718), on 100 rows. 1 gate passes.", Headline.Of(report).ToString());
        Assert.Equal("features: FP32 [any, 69]", report.Model.Inputs[0]);
        Assert.All(report.Series.Timeline!.Points, point => Assert.NotNull(point.Baseline));
        Assert.NotNull(report.Series.Residuals!.Baseline);
    }

    [Fact]
    public void A_gate_over_a_slice_brings_its_paired_interval_and_the_other_slices_get_a_wider_one()
    {
        var slices = Build(Evaluation('b', 2966), MonthOne).Slices!;
        Assert.Equal(new Measurement(-661, -700, -620, 0.975), slices.Rows[0].Difference);
        Assert.Equal(-661, slices.Rows[1].Difference!.Value, 9);
        Assert.Equal(-661 - 50, slices.Rows[1].Difference!.Low!.Value, 9);
        Assert.Contains("rather too wide", slices.Method!, StringComparison.Ordinal);
        Assert.Equal(-718, slices.Whole!.Difference!.Low);
    }

    [Fact]
    public void Numbers_measured_on_other_rows_never_stand_beside_the_candidates()
    {
        var report = Build(Evaluation('b', 2966, data: 'a'), MonthOne);
        Assert.Equal("live v1", report.Baseline!.Label);
        Assert.Null(report.Metrics[0].Baseline);
        Assert.All(report.Slices!.Rows, slice => Assert.Null(slice.Difference));
        Assert.Null(report.Series.Residuals!.Baseline);
    }

    [Fact]
    public void A_verdict_over_another_model_is_refused() =>
        Assert.Contains("mlops compare", Assert.Throws<ReportException>(() => ReportBuilder.Build(new ReportInput { Candidate = Evaluation('a', 2305), Verdict = Verdict(MonthOne), Lineage = Lineage })).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_baselines_evaluation_the_report_still_says_what_the_verdict_compared()
    {
        var report = Build(null, MonthOne);
        Assert.Null(report.Metrics[0].Baseline);
        Assert.Contains("661 MW lower than live v1", Headline.Of(report).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_leak_and_the_training_figure_are_warnings_in_the_comment()
    {
        var text = MarkdownReport.Render(Build(Evaluation('b', 2966), MonthOne), new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Contains("> **Leak:** 3 of 100 evaluation rows also stand in the training data", text, StringComparison.Ordinal);
        Assert.Contains("own training rows is 816.0 MW", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_built_report_can_be_written_and_read() =>
        Assert.Equal("energy-load", Report.Read(Build(Evaluation('b', 2966), MonthOne).ToBytes()).Model.Name);
}
