using Ci.Testing;

namespace Ci.Evaluation.Tests;

/// <summary>Comparisons of simulated models: 600 hours whose errors remember each other.</summary>
public sealed class ComparerTests : IDisposable
{
    private const string NotWorse = "gates: [{metric: rmse, rule: not-worse, margin: 2 %}]";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_clearly_worse_model_regresses()
    {
        this.Model("a", error: 100);
        this.Model("b", error: 140);
        var verdict = this.Compare("b", "a", NotWorse);
        var gate = Assert.Single(verdict.Gates);
        Assert.Equal((Outcome.Regress, Outcome.Regress), (verdict.Outcome, gate.Outcome));
        Assert.True(gate.Low > gate.Margin && gate.Difference > gate.Low && gate.AdjustedP < 0.01);
        Assert.Contains("wholly on the bad side of the margin", gate.Reason, StringComparison.Ordinal);
        Assert.Contains("paired circular block bootstrap", gate.Test, StringComparison.Ordinal);
        Assert.Equal("worse", verdict.Headline!.Word);
    }

    [Fact]
    public void A_clearly_better_model_passes_both_rules()
    {
        this.Model("a", error: 100);
        this.Model("b", error: 70);
        var verdict = this.Compare("b", "a", "gates: [{metric: rmse, rule: not-worse}, {metric: mae, rule: better}, {metric: r2, rule: better}]");
        Assert.Equal(Outcome.Pass, verdict.Outcome);
        Assert.All(verdict.Gates, gate => Assert.True(gate.AdjustedP >= gate.P));
        Assert.True(verdict.Gates[0].High < 0);
        Assert.True(verdict.Gates[2].Low > 0);
        Assert.Equal("better", verdict.Headline!.Word);
    }

    [Fact]
    public void Too_little_evidence_is_inconclusive()
    {
        this.Model("a", error: 100, seed: 1, shared: 0);
        this.Model("b", error: 101, seed: 2, shared: 0);
        Assert.Equal(Outcome.Inconclusive, this.Compare("b", "a", NotWorse).Outcome);

        this.Model("few", error: 100, rows: 12);
        this.Model("fewer", error: 300, rows: 12);
        var verdict = this.Compare("fewer", "few", NotWorse);
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Contains("only 12 rows", verdict.Gates[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_data_is_inconclusive_and_says_so()
    {
        this.Model("a", error: 100);
        this.Model("b", error: 50, data: new string('e', 64));
        var verdict = this.Compare("b", "a", NotWorse);
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Contains("measured on different data", verdict.Gates[0].Reason, StringComparison.Ordinal);
        Assert.Equal("not comparable", verdict.Headline!.Word);
    }

    [Fact]
    public void Predictions_that_are_missing_are_inconclusive_and_foreign_ones_refused()
    {
        this.Model("a", error: 100);
        this.Model("b", error: 50);
        File.Copy(this.folder.Of("b", "predictions.csv.gz"), this.folder.Of("a", "predictions.csv.gz"), overwrite: true);
        Assert.Contains("it is not the file that", Assert.Throws<EvaluationException>(() => this.Compare("b", "a", NotWorse)).Message, StringComparison.Ordinal);
        File.Delete(this.folder.Of("a", "predictions.csv.gz"));
        var verdict = this.Compare("b", "a", NotWorse);
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Contains("are missing", verdict.Gates[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_model_is_judged_by_absolute_gates_alone()
    {
        this.Model("a", error: 100);
        var verdict = this.Compare("a", "none", "gates: [{metric: rmse, rule: not-worse}, {metric: rmse, rule: max, limit: 150}, {metric: model_bytes, rule: max, limit: 2000}]");
        Assert.Equal(Outcome.Pass, verdict.Outcome);
        Assert.False(verdict.Gates[0].Applies);
        Assert.Contains("first model", verdict.Gates[0].Reason, StringComparison.Ordinal);
        Assert.Equal("first model", verdict.Headline!.Word);
        Assert.Equal(Outcome.Inconclusive, this.Compare("a", "none", NotWorse).Outcome);
    }

    [Theory]
    [InlineData("rmse, rule: max, limit: 150", Outcome.Pass)]
    [InlineData("rmse, rule: max, limit: 60", Outcome.Regress)]
    [InlineData("rmse, rule: max, limit: 100", Outcome.Inconclusive)]
    [InlineData("r2, rule: min, limit: 0.5", Outcome.Pass)]
    [InlineData("r2, rule: min, limit: 0.9999", Outcome.Regress)]
    [InlineData("model_bytes, rule: max, limit: 999", Outcome.Regress)]
    [InlineData("latency_p95_ms, rule: max, limit: 5", Outcome.Pass)]
    [InlineData("rows_also_in_training, rule: max, limit: 0", Outcome.Inconclusive)]
    [InlineData("rmse, slice: half=z, rule: max, limit: 150", Outcome.Inconclusive)]
    [InlineData("rmse, slice: half=a, rule: max, limit: 160", Outcome.Pass)]
    public void Absolute_gates_weigh_the_interval_against_the_limit(string gate, Outcome outcome)
    {
        this.Model("a", error: 100);
        Assert.Equal(outcome, this.Compare("a", "none", $"gates: [{{metric: {gate}}}]").Outcome);
    }

    [Fact]
    public void A_slice_that_got_worse_regresses_though_the_whole_did_not()
    {
        this.Model("a", error: 100);
        this.Model("b", error: 60, worseHalf: 4);
        var verdict = this.Compare("b", "a", "gates: [{metric: mae, slice: half=b, rule: not-worse, margin: 5 %}, {metric: mae, slice: half=a, rule: not-worse}]");
        Assert.Equal([Outcome.Regress, Outcome.Pass], verdict.Gates.Select(g => g.Outcome));
    }

    [Fact]
    public void The_same_file_is_no_worse_and_no_better()
    {
        this.Model("a", error: 100);
        Assert.Equal(Outcome.Pass, this.Compare("a", "a", NotWorse).Outcome);
        Assert.Equal(Outcome.Inconclusive, this.Compare("a", "a", "gates: [{metric: rmse, rule: better}]").Outcome);
    }

    [Fact]
    public void Two_classifiers_that_agree_on_few_rows_prove_nothing()
    {
        this.Classifier("a", "1111", rows: 60);
        this.Classifier("b", "2222", rows: 60);
        var verdict = this.Compare("b", "a", "gates: [{metric: accuracy, rule: not-worse, margin: 0.01}, {metric: f1_macro, rule: not-worse, margin: 0.01}]");
        Assert.All(verdict.Gates, gate => Assert.Equal(Outcome.Inconclusive, gate.Outcome));
        Assert.True(verdict.Gates[0].High > 0.01);
        Assert.Equal(Outcome.Pass, this.Compare("b", "a", "gates: [{metric: accuracy, rule: not-worse, margin: 0.1}]").Outcome);
    }

    [Fact]
    public void Accuracy_against_no_margin_is_judged_by_McNemars_exact_test()
    {
        this.Classifier("a", "1111", rows: 200, wrongEvery: 8);
        this.Classifier("b", "2222", rows: 200, wrongEvery: 0);
        var gate = Assert.Single(this.Compare("b", "a", "gates: [{metric: accuracy, rule: better}]").Gates);
        // 25 rows that only b gets right, none that only a does: ½ to the 25th
        Assert.StartsWith("McNemar's exact test", gate.Test, StringComparison.Ordinal);
        Assert.Equal(Math.Pow(0.5, 25), gate.P!.Value, 1e-12);
        Assert.Equal(Outcome.Pass, gate.Outcome);
    }

    [Fact]
    public void False_alarms_are_as_rare_as_the_level_says()
    {
        // Equal models with independent errors that remember each other: not-worse without margin must seldom regress (2.5 % at most, plus luck).
        var alarms = 0;
        for (var world = 0; world < 60; world++)
        {
            this.Model("a", error: 100, seed: 2 * world, shared: 0, rows: 400);
            this.Model("b", error: 100, seed: (2 * world) + 1, shared: 0, rows: 400);
            var outcome = this.Compare("b", "a", "gates: [{metric: rmse, rule: not-worse}]").Outcome;
            alarms += outcome == Outcome.Inconclusive ? 0 : 1;
        }

        Assert.InRange(alarms, 0, 9);
    }

    [Theory]
    [InlineData("gates: []", "must be a list of 1 to 200 gates")]
    [InlineData("gates: [{metric: rsme, rule: max, limit: 1}]", "there is no metric `rsme`")]
    [InlineData("gates: [{metric: rmse, rule: fine}]", "must be one of not-worse, better, max, min")]
    [InlineData("gates: [{metric: rmse, rule: max}]", "needs a `limit`")]
    [InlineData("gates: [{metric: rmse, rule: max, margin: 1}]", "`margin` belongs to")]
    [InlineData("gates: [{metric: rmse, rule: not-worse, margin: -1}]", "must be a number from 0")]
    [InlineData("gates: [{metric: model_bytes, rule: better}]", "is a fact of the model")]
    [InlineData("gates: [{metric: rmse, rule: better}, {metric: rmse, rule: better}]", "two gates are called")]
    [InlineData("gates: [{metric: rmse, ruel: better}]", "has no key `ruel`")]
    [InlineData("gates: [", "not valid YAML")]
    public void Gate_files_are_read_strictly(string yaml, string words) =>
        Assert.Contains(words, Assert.Throws<EvaluationException>(() => GateFile.Read(yaml, "gates.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_verdict_whose_outcome_its_gates_contradict_is_refused()
    {
        this.Model("a", error: 100);
        var verdict = this.Compare("a", "none", "gates: [{metric: rmse, rule: max, limit: 60}]");
        Assert.Equal(verdict.ToBytes(), Verdict.Read(verdict.ToBytes()).ToBytes());
        var forged = System.Text.Encoding.UTF8.GetString(verdict.ToBytes()).Replace("\"outcome\": \"regress\",\n  \"headline", "\"outcome\": \"pass\",\n  \"headline", StringComparison.Ordinal);
        Assert.Contains("its gates together say regress", Assert.Throws<EvaluationException>(() => Verdict.Read(System.Text.Encoding.UTF8.GetBytes(forged))).Message, StringComparison.Ordinal);
        Assert.Throws<EvaluationException>(() => Verdict.Read("{\"schema\":\"mlops.verdict/v2\"}"u8));
        Assert.Throws<EvaluationException>(() => Verdict.Read("{"u8));
    }

    private Verdict Compare(string candidate, string baseline, string gates) => Comparer.Run(new CompareRequest
    {
        Folder = this.folder.Path,
        CandidatePath = $"{candidate}/evaluation.json",
        BaselinePath = $"{baseline}/evaluation.json",
        BaselineLabel = "live",
        Gates = GateFile.Read(gates, "gates.yaml"),
        OutPath = "verdict.json",
    });

    /// <summary>Errors: a share that all models have in common, and one of their own; both remember half of the hour before.</summary>
    private void Model(string name, double error, int seed = 5, double shared = 0.8, int rows = 600, double worseHalf = 1, string? data = null)
    {
        var common = Errors(new Random(99), rows);
        var own = Errors(new Random(seed + name[0]), rows);
        var target = Enumerable.Range(0, rows).Select(i => 5_000 + (900 * Math.Sin(i / 24.0 * 2 * Math.PI))).ToArray();
        var prediction = target.Select((t, i) =>
            t + (error * (i % 2 == 1 ? worseHalf : 1) * ((shared * common[i]) + (Math.Sqrt(1 - (shared * shared)) * own[i])))).ToArray();
        this.Write(name, new Scores(Tasks.Regression, target, prediction, null, 0), [], data, block: 8);
    }

    private void Classifier(string name, string seed, int rows, int wrongEvery = 0)
    {
        var random = new Random(int.Parse(seed));
        var target = Enumerable.Range(0, rows).Select(i => (double)(i % 2)).ToArray();
        var probability = target.Select(t => Math.Clamp(t + ((random.NextDouble() - 0.5) * 0.4), 0, 1)).ToArray();
        double[] label = [.. target.Select((t, i) => wrongEvery > 0 && i % wrongEvery == 0 ? 1 - t : t)];
        this.Write(name, new Scores(Tasks.Binary, target, label, probability, 2), ["0", "1"], null, block: 1);
    }

    private void Write(string name, Scores scores, string[] classes, string? data, int block)
    {
        var predictions = new Predictions
        {
            Scores = scores,
            Classes = classes,
            Rows = [.. Enumerable.Range(1, scores.Rows).Select(i => (long)i)],
            Slicings = [("half", [.. Enumerable.Range(0, scores.Rows).Select(i => i % 2 == 1 ? "b" : "a")])],
        };
        var csv = PredictionsCsv.Write(predictions);
        var resampling = new ResamplingFacts(1, 200, block, 0.95);
        var evaluation = new ModelEvaluation
        {
            Model = new EvaluatedModel { Name = name, Path = "model.onnx", Sha256 = DataFile.Digest([.. System.Text.Encoding.UTF8.GetBytes(name)]), Bytes = 1_000 },
            Data = new EvaluatedData { Path = "test.csv", Sha256 = data ?? new string('d', 64), Rows = scores.Rows },
            Task = scores.Task,
            Target = "load",
            Unit = "MW",
            Classes = classes,
            Metrics = MetricSet.Measure(scores, "MW", resampling),
            Latency = new LatencyFacts(1, 2, 1, 100),
            Predictions = new PredictionsFile("predictions.csv.gz", DataFile.Digest(csv)),
            Resampling = resampling,
        };
        AtomicFile.Write(this.folder.Of(name, "predictions.csv.gz"), csv);
        AtomicFile.Write(this.folder.Of(name, "evaluation.json"), evaluation.ToBytes());
    }

    private static double[] Errors(Random random, int rows)
    {
        var errors = new double[rows];
        var last = 0.0;
        for (var i = 0; i < rows; i++)
            errors[i] = last = (0.5 * last) + (Math.Sqrt(0.75) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return errors;
    }
}
