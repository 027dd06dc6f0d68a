using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Evaluation;
using Ci.Onnx;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops evaluate</c>: measures a model on data that it has not seen.</summary>
internal static class EvaluateVerb
{
    public const string Summary = "Measure a model on data that it has not seen.";

    public static Command Create(CliContext context)
    {
        var model = new Option<string>("--model") { Description = "The ONNX file.", Required = true };
        var data = new Option<string>("--data") { Description = "The evaluation rows: CSV, or CSV under gzip.", Required = true };
        var training = new Option<string?>("--training-data") { Description = "The rows it was trained on: evaluation rows that stand among them are counted, and the metrics on them are shown apart." };
        var parameters = new Option<string>("--params") { Description = "The file whose section `evaluate:` says target, key, task, unit, slices, seed.", DefaultValueFactory = _ => "params.yaml" };
        var split = new Option<string?>("--split") { Description = "split.json, which `mlops data split` wrote: the evaluation then says how the rows were parted, and both tables must be parts." };
        var output = new Option<string>("--out") { Description = "Where the evaluation goes.", DefaultValueFactory = _ => "evaluation.json" };
        var predictions = new Option<string?>("--predictions") { Description = "Where the per-example predictions go (csv.gz), which `mlops compare` pairs." };
        var metrics = new Option<string?>("--metrics") { Description = "Where a flat metrics.json goes, for `mlops metrics`." };
        var importance = new Option<bool>("--importance") { Description = "Also measure how much each feature matters, by shuffling it (scores up to 5,000 rows 5 times a feature)." };
        var name = new Option<string?>("--name") { Description = "What the documents call the model; otherwise `model:` of mlops.yaml, otherwise the file's name." };
        var library = new Option<string?>("--onnxruntime") { Description = "ONNX Runtime's library; otherwise MLOPS_ONNXRUNTIME, otherwise beside mlops." };
        var command = new Command("evaluate", Summary) { model, data, training, split, parameters, output, predictions, metrics, importance, name, library };
        return command.Does(context, parsed =>
        {
            OutputPlace.Check(context, "--out", parsed.GetValue(output));
            OutputPlace.Check(context, "--predictions", parsed.GetValue(predictions));
            OutputPlace.Check(context, "--metrics", parsed.GetValue(metrics));
            var file = parsed.GetValue(parameters)!;
            var request = new EvaluationRequest
            {
                Folder = context.WorkingDirectory,
                ModelPath = parsed.GetValue(model)!,
                ModelName = ProjectSettings.Load(context).Find(parsed.GetValue(name), "MLOPS_MODEL", "model"),
                DataPath = parsed.GetValue(data)!,
                TrainingDataPath = parsed.GetValue(training),
                Split = parsed.GetValue(split) is { } record ? ReadSplit(context, record) : null,
                Settings = EvaluationSettings.Read(ReadText(context, file), file),
                OutPath = parsed.GetValue(output)!,
                PredictionsPath = parsed.GetValue(predictions),
                MetricsPath = parsed.GetValue(metrics),
                Importance = parsed.GetValue(importance),
                Threads = Environment.ProcessorCount,
            };
            var runtime = OnnxRuntime.Load(parsed.GetValue(library), context.Environment);
            var evaluation = new Evaluator(runtime, context.Time).Run(request);
            if (parsed.IsJson())
                context.WriteJson(JsonNode.Parse(evaluation.ToBytes())!);
            else
                Tell(context, evaluation, request.OutPath);
            return ExitCode.Ok;
        });
    }

    private static SplitRecord ReadSplit(CliContext context, string path)
    {
        var file = new FileInfo(context.FullPath(path));
        if (!file.Exists)
            throw new CliException($"{path}: there is no such file; `mlops data split` writes it beside the parts");
        if (file.Length > SplitRecord.MostBytes)
            throw new CliException($"{path} has {file.Length} bytes; at most {SplitRecord.MostBytes} are read");
        try
        {
            return SplitRecord.Read(File.ReadAllBytes(file.FullName));
        }
        catch (EvaluationException error)
        {
            throw new CliException($"{path}: {error.Message}", inner: error);
        }
    }

    /// <summary>A small text file, or a message that says which one is missing.</summary>
    public static string ReadText(CliContext context, string path)
    {
        var full = context.FullPath(path);
        return File.Exists(full) ? File.ReadAllText(full) : throw new CliException($"{path}: there is no such file");
    }

    private static void Tell(CliContext context, ModelEvaluation evaluation, string outPath)
    {
        var metric = evaluation.Metrics[0];
        var decimals = MetricText.Decimals(metric.Value, metric.Low, metric.High);
        var interval = metric is { Low: { } low, High: { } high, Level: { } level }
            ? $" ({level * 100:0.#} % interval {MetricText.Number(low, decimals)} to {MetricText.Number(high, decimals)})"
            : "";
        context.Line($"{evaluation.Model.Name}: {MetricText.Name(metric.Name)} {MetricText.Number(metric.Value, decimals)}{MetricText.Unit(metric.Unit)}{interval} on {evaluation.Data.Rows:#,0} rows, written to {outPath}");
        if (evaluation.Data.RowsAlsoInTraining is > 0 and { } leaked)
        {
            var leak = evaluation.TrainingMetrics.FirstOrDefault(m => m.Name == metric.Name);
            var shown = leak is null ? "" : $" (on its training rows alone the model has {MetricText.Number(leak.Value, decimals)}{MetricText.Unit(leak.Unit)})";
            // A handful of rows that coarse features make alike by chance is no leak; more than one in a hundred is.
            var meaning = leaked * 100 < evaluation.Data.Rows ? "; look whether they are alike by chance" : $": the figure flatters the model{shown}";
            context.Note($"mlops: warning: {leaked:#,0} of {evaluation.Data.Rows:#,0} evaluation rows also stand in the training data{meaning}");
        }
    }
}
