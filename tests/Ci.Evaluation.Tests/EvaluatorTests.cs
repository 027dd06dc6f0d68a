using Ci.Statistics;
using Ci.Testing;

namespace Ci.Evaluation.Tests;

public sealed class EvaluatorTests : IDisposable
{
    private static readonly EvaluationSettings Wine = new() { Target = "target", Task = Tasks.Multiclass, Seed = 3 };
    private static readonly EvaluationSettings Breast = new() { Target = "target", Task = Tasks.Binary, Seed = 3 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_multiclass_model_has_the_accuracy_that_its_makers_measured()
    {
        this.folder.Write("test.csv", Fixtures.Rows("wine.csv.gz", "test"));
        this.folder.Write("train.csv", Fixtures.Rows("wine.csv.gz", "train"));
        var evaluation = Fixtures.Evaluate(Fixtures.Request(this.folder, Fixtures.Path("models", "wine-rfc-base.onnx"), Wine, training: "train.csv"));
        Assert.Equal(0.963, evaluation.Metric("accuracy")!.Value, 5e-4);
        Assert.Equal(["accuracy", "f1_macro", "log_loss", "brier"], evaluation.Metrics.Select(m => m.Name));
        Assert.Equal(["0", "1", "2"], evaluation.Classes);
        Assert.Equal((54, 124, 0), (evaluation.Data.Rows, evaluation.Data.TrainingRows, evaluation.Data.RowsAlsoInTraining));
        Assert.Equal(54, evaluation.Series!.Confusion!.Counts.Sum());
        Assert.Equal("dc38cb2cfd45c2b9020484aeabe921ef9a9f6666ab990cacf94090764bfa4350", evaluation.Model.Sha256);
        Assert.StartsWith("Wilson", evaluation.Metric("accuracy")!.Method, StringComparison.Ordinal);
        Assert.Equal("accuracy", evaluation.TrainingMetrics[0].Name);
        Assert.InRange(evaluation.TrainingMetrics[0].Value, 0.963, 1);
        Assert.Null(evaluation.TrainingMetrics[0].Low);
        Assert.InRange(evaluation.Latency!.P95Ms, evaluation.Latency.P50Ms, 1000);
    }

    [Fact]
    public void A_binary_model_has_the_accuracy_that_its_makers_measured()
    {
        this.folder.Write("test.csv", Fixtures.Rows("breast_cancer.csv.gz", "test"));
        var evaluation = Fixtures.Evaluate(Fixtures.Request(this.folder, Fixtures.Path("models", "breast-mlp-base.onnx"), Breast));
        Assert.Equal(0.9708, evaluation.Metric("accuracy")!.Value, 5e-5);
        Assert.InRange(evaluation.Metric("roc_auc")!.Value, 0.98, 1);
        Assert.All(evaluation.Metrics, m => Assert.True(m.Low <= m.Value && m.Value <= m.High, m.Name));
        Assert.Null(evaluation.Data.RowsAlsoInTraining);
        Assert.Equal(171, evaluation.Series!.Calibration!.Sum(bin => bin.Rows));
    }

    [Fact]
    public void Documents_are_read_back_and_equal_runs_write_equal_predictions()
    {
        this.folder.Write("test.csv", Fixtures.Rows("breast_cancer.csv.gz", "test"));
        var request = Fixtures.Request(this.folder, Fixtures.Path("models", "breast-mlp-base.onnx"), Breast);
        var evaluation = Fixtures.Evaluate(request);
        var predictions = File.ReadAllBytes(this.folder.Of("predictions.csv.gz"));
        var metrics = File.ReadAllBytes(this.folder.Of("metrics.json"));
        var read = ModelEvaluation.Read(File.ReadAllBytes(this.folder.Of("evaluation.json")));
        Assert.Equal(evaluation.ToBytes(), read.ToBytes());
        Assert.Equal([0, 0, 0, 0], predictions[4..8]);

        var again = Fixtures.Evaluate(request with { Threads = 1 });
        Assert.Equal(predictions, File.ReadAllBytes(this.folder.Of("predictions.csv.gz")));
        Assert.Equal(metrics, File.ReadAllBytes(this.folder.Of("metrics.json")));
        Assert.Equal(evaluation.Metrics, again.Metrics);
        Assert.Equal(4, Directory.GetFiles(this.folder.Path).Length);
    }

    [Fact]
    public void Rows_that_the_model_was_trained_on_are_counted_however_their_numbers_are_written()
    {
        var test = Fixtures.Rows("wine.csv.gz", "test").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        this.folder.Write("test.csv", string.Join('\n', test));
        var leaked = test[1..8].Select(row => row.Replace(",", "0,", StringComparison.Ordinal)).Select((row, i) => string.Join(',', row.Split(',').Select((cell, c) => cell.Contains('.', StringComparison.Ordinal) ? cell : test[i + 1].Split(',')[c])));
        this.folder.Write("train.csv", Fixtures.Rows("wine.csv.gz", "train") + string.Join('\n', leaked));
        var evaluation = Fixtures.Evaluate(Fixtures.Request(this.folder, Fixtures.Path("models", "wine-rfc-base.onnx"), Wine, training: "train.csv"));
        Assert.Equal(7, evaluation.Data.RowsAlsoInTraining);
    }

    [Fact]
    public void Slices_come_from_columns_one_hot_groups_and_times_and_rows_in_the_order_of_the_key()
    {
        var rows = Fixtures.Rows("wine.csv.gz", "test").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var body = rows[1..].Select((row, i) => $"{row},{new DateTime(2020, 1 + (i % 3), 1 + (i / 3)):yyyy-MM-dd},{(i % 2 == 0 ? "north" : "south")},{(i % 2 == 0 ? "1,0" : "0,1")}");
        this.folder.Write("test.csv", string.Join('\n', body.Prepend($"{rows[0]},day,region,half_a,half_b")));
        var settings = Wine with { Key = "day", Slices = ["region", "half_*", "key.month"], Exclude = ["region", "half_*"], Block = 2 };
        var evaluation = Fixtures.Evaluate(Fixtures.Request(this.folder, Fixtures.Path("models", "wine-rfc-base.onnx"), settings));
        Assert.Equal(
            ["region=north", "region=south", "half=a", "half=b", "month=1", "month=2", "month=3"], evaluation.Slices.Select(s => s.Name));
        Assert.All(evaluation.Slices.Take(4), slice => Assert.Equal(27, slice.Rows));
        Assert.Equal(("2020-01-01", "2020-03-18"), (evaluation.Data.From, evaluation.Data.To));
        Assert.Equal(evaluation.Metric("accuracy")!.Value, evaluation.Slices.Take(2).Average(s => s.Metrics[0].Value), 1e-12);
        Assert.Contains("blocks of 2 rows", evaluation.Metrics[0].Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused_in_words_and_leaves_nothing_behind()
    {
        var test = Fixtures.Rows("wine.csv.gz", "test");
        this.folder.Write("test.csv", test);
        this.folder.Write("empty.csv", "");
        this.folder.Write("text.csv", test.Replace("14.23", "strong", StringComparison.Ordinal).Replace("13.2,", "strong,", StringComparison.Ordinal));
        this.folder.Write("narrow.csv", string.Join('\n', test.Split('\n').Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..])));
        var model = Fixtures.Path("models", "wine-rfc-base.onnx");
        var whole = File.ReadAllBytes(model);
        File.WriteAllBytes(this.folder.Of("cut.onnx"), whole[..(whole.Length / 2)]);
        var before = Directory.GetFiles(this.folder.Path).Length;

        this.Refuses<TableException>("empty.csv: the file is empty", Fixtures.Request(this.folder, model, Wine, "empty.csv"));
        this.Refuses<TableException>("'strong' is not a number", Fixtures.Request(this.folder, model, Wine, "text.csv"));
        this.Refuses<TableException>("there is no column 'quality'", Fixtures.Request(this.folder, model, Wine with { Target = "quality", Exclude = ["target"] }));
        this.Refuses<EvaluationException>("takes 13 features, but 12 columns", Fixtures.Request(this.folder, model, Wine, "narrow.csv"));
        this.Refuses<EvaluationException>("cut.onnx: ", Fixtures.Request(this.folder, "cut.onnx", Wine));
        this.Refuses<EvaluationException>("gone.onnx: there is no such file", Fixtures.Request(this.folder, "gone.onnx", Wine));
        this.Refuses<EvaluationException>("gone.csv: there is no such file", Fixtures.Request(this.folder, model, Wine, "gone.csv"));
        this.Refuses<EvaluationException>("must lie beside", Fixtures.Request(this.folder, model, Wine) with { PredictionsPath = "../p.csv.gz" });
        Assert.Equal(before, Directory.GetFiles(this.folder.Path).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(20)]
    public void A_table_whose_gzip_data_break_off_is_not_evaluated_as_a_smaller_one(int cut)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(Fixtures.Rows("wine.csv.gz", "test")));
        var whole = packed.ToArray();
        File.WriteAllBytes(this.folder.Of("whole.csv.gz"), whole);
        File.WriteAllBytes(this.folder.Of("cut.csv.gz"), whole[..^cut]);
        var model = Fixtures.Path("models", "wine-rfc-base.onnx");
        this.Refuses<TableException>("cut.csv.gz: the gzip data is damaged", Fixtures.Request(this.folder, model, Wine, "cut.csv.gz"));
        Assert.Equal(54, Fixtures.Evaluate(Fixtures.Request(this.folder, model, Wine, "whole.csv.gz")).Data.Rows);
    }

    [Fact]
    public void Settings_are_read_strictly()
    {
        var good = EvaluationSettings.Read("train: {kind: ridge}\nevaluate:\n  target: load\n  key: time\n  unit: MW\n  slices: [month_*]\n  seed: 7\n", "params.yaml");
        Assert.Equal(("load", "time", "MW", 7), (good.Target, good.Key, good.Unit, good.Seed));
        Assert.Contains("params.yaml:3: the section `evaluate:` has no key `sed`", Assert.Throws<EvaluationException>(() => EvaluationSettings.Read("evaluate:\n  target: load\n  sed: 7\n", "params.yaml")).Message, StringComparison.Ordinal);
        Assert.Contains("no section `evaluate:`", Assert.Throws<EvaluationException>(() => EvaluationSettings.Read("train: {}\n", "params.yaml")).Message, StringComparison.Ordinal);
        Assert.Contains("`target` is missing", Assert.Throws<EvaluationException>(() => EvaluationSettings.Read("evaluate: {unit: MW}\n", "params.yaml")).Message, StringComparison.Ordinal);
    }

    private void Refuses<T>(string words, EvaluationRequest request)
        where T : Exception => Assert.Contains(words, Assert.Throws<T>(() => Fixtures.Evaluate(request)).Message, StringComparison.Ordinal);
}
