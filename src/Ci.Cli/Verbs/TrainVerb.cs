using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Storage.FileSystem;
using Ci.Statistics;
using Ci.Training;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops train</c>: a CSV file and a section of <c>params.yaml</c> become an ONNX file.</summary>
internal static class TrainVerb
{
    public const string Summary = "Train a model from a CSV file; it ends in an ONNX file.";

    private const string UsualSection = "train";
    private const long MostParameterBytes = 1 << 20;

    private static readonly TimeSpan BetweenNotes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(100);

    public static Command Create(CliContext context)
    {
        var data = new Option<string>("--data") { Description = "The rows to learn from: CSV with a header.", Required = true };
        var parameters = new Option<string>("--params")
        {
            Description = "What to train: a YAML file, optionally with the section's dotted name (params.yaml:train).",
            DefaultValueFactory = _ => "params.yaml",
        };
        var output = new Option<string>("--out") { Description = "The ONNX file to write; replaced only when the training succeeded.", Required = true };
        var seed = new Option<long?>("--seed") { Description = "Overrides the section's seed." };
        var threads = new Option<int?>("--threads") { Description = "Threads to train with; the model is the same whatever it is." };
        var log = new Option<string?>("--log") { Description = "Where the metric after every iteration goes (CSV): `mlops report --learning` draws it, and `plots` of dvc.yaml may name it." };
        var command = new Command("train", Describe()) { data, parameters, output, seed, threads, log };
        return command.Does(context, (parsed, cancellation) =>
        {
            OutputPlace.Check(context, "--out", parsed.GetValue(output));
            OutputPlace.Check(context, "--log", parsed.GetValue(log));
            var plan = ReadPlan(context, parsed.GetValue(parameters)!);
            var started = context.Time.GetTimestamp();
            var set = ReadSet(context, parsed.GetValue(data)!, plan);
            using var meter = new Meter(context);
            var steps = new List<TrainingProgress>();
            var model = plan.Trainer.Train(set, new TrainingContext
            {
                Seed = parsed.GetValue(seed) ?? plan.Seed,
                Threads = Math.Max(1, parsed.GetValue(threads) ?? Environment.ProcessorCount),
                Progress = step =>
                {
                    steps.Add(step);
                    meter.Show(step);
                },
                Cancellation = cancellation,
            });
            meter.Dispose();
            var bytes = model.ToOnnx();
            var place = context.FullPath(parsed.GetValue(output)!);
            DurableFiles.CreateDirectory(Path.GetDirectoryName(place)!);
            DurableFiles.Replace(place, bytes);
            if (parsed.GetValue(log) is { } logPath)
                TrainingLog.Write(context.FullPath(logPath), steps, model.Facts.MetricName);
            Tell(context, parsed, parsed.GetValue(output)!, set, model, bytes.Length, context.Time.GetElapsedTime(started));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static TrainingPlan ReadPlan(CliContext context, string argument)
    {
        // A colon parts file and section; a file whose own name holds one is still found.
        var colon = File.Exists(context.FullPath(argument)) ? -1 : argument.LastIndexOf(':');
        var (name, section) = colon > 0 ? (argument[..colon], argument[(colon + 1)..]) : (argument, UsualSection);
        var file = new FileInfo(context.FullPath(name));
        if (!file.Exists)
            throw new CliException($"{name}: there is no such parameter file; --params names one, with a section that says `kind` and `target`");
        if (file.Length > MostParameterBytes)
            throw new CliException($"{name}: {file.Length} bytes are more than a parameter file may have ({MostParameterBytes})");
        return TrainingPlan.Read(File.ReadAllText(file.FullName), name, section);
    }

    private static TrainingSet ReadSet(CliContext context, string name, TrainingPlan plan)
    {
        var path = context.FullPath(name);
        if (!File.Exists(path))
            throw new CliException($"{name}: there is no such data file; --data names a CSV file with a header");
        using var reader = new StreamReader(path, Encoding.UTF8, true, 1 << 16);
        return TrainingSet.From(Table.ReadCsv(reader, name), plan.Target, plan.Exclude, plan.Key);
    }

    private static void Tell(CliContext context, ParseResult parsed, string output, TrainingSet set, TrainedModel model, int bytes, TimeSpan elapsed)
    {
        var facts = model.Facts;
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["model"] = output,
                ["bytes"] = bytes,
                ["trainer"] = model.Trainer,
                ["task"] = model.Task,
                ["target"] = model.Target,
                ["rows"] = set.Rows,
                ["features"] = set.Features.Count,
                ["iterations"] = facts.Iterations,
                ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
                ["metric"] = facts.MetricName,
                ["training"] = facts.Metric,
                ["validation"] = facts.ValidationMetric,
            });
            return;
        }

        var validation = facts.ValidationMetric is { } held ? $", {Short(held)} on rows held back" : "";
        context.Line(
            $"{output}: {model.Trainer} from {set.Rows} rows and {set.Features.Count} features, {facts.Iterations} iteration{(facts.Iterations == 1 ? "" : "s")}, "
            + $"{elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s; {facts.MetricName} {Short(facts.Metric)} on the training rows{validation}");
    }

    private static string Short(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.####", CultureInfo.InvariantCulture);

    private static string Describe()
    {
        var text = new StringBuilder(Summary).AppendLine().AppendLine()
            .AppendLine("The section of parameters needs `kind` and `target`; `key` (the column that names a row), `exclude` (columns or patterns such as lag_*), `seed` may follow,").AppendLine("and, there or in a mapping named as the kind:");
        foreach (var (kind, parameters) in TrainingPlan.Kinds)
        {
            text.AppendLine().AppendLine($"  kind: {kind}");
            foreach (var parameter in parameters)
                text.AppendLine($"    {parameter.Name,-20} {parameter.Doc} ({parameter.Range})");
        }

        return text.ToString();
    }

    /// <summary>Progress on standard error: one line that renews itself on a terminal, else a plain line every two seconds.</summary>
    private sealed class Meter(CliContext context) : IDisposable
    {
        private readonly long started = context.Time.GetTimestamp();
        private TimeSpan last;
        private bool open;

        public void Show(TrainingProgress progress)
        {
            var now = context.Time.GetElapsedTime(this.started);
            if (now - this.last < (context.IsInteractive ? BetweenUpdates : BetweenNotes))
                return;
            this.last = now;
            var validation = progress.ValidationMetric is { } held ? $", {Short(held)} held back" : "";
            var text = $"iteration {progress.Iteration}/{progress.Of}: {Short(progress.Metric)} on the training rows{validation}";
            if (!context.IsInteractive)
            {
                context.Note(text);
                return;
            }

            this.open = true;
            context.Error.Write($"\r{text.PadRight(78)}");
        }

        public void Dispose()
        {
            if (this.open)
                context.Error.Write($"\r{new string(' ', 78)}\r");
            this.open = false;
        }
    }
}
