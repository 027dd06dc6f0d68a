using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Parameters;

namespace Ci.Cli.Verbs;

internal static class MetricsVerb
{
    private const int Digits = 5;

    public static Command Create(CliContext context) => new("metrics", "Show and compare the metrics that stages write.")
    {
        Show(context),
        ValueDiff.Create(context, "Show how metrics changed between revisions, or since a revision.", "Metric", reader => reader.MetricFiles, Digits, withChange: true),
    };

    private static Command Show(CliContext context)
    {
        var markdown = new Option<bool>("--md") { Description = "Write a Markdown table." };
        return new Command("show", "Show the metrics of the workspace.") { markdown }.Does(context, parsed =>
        {
            var reader = new ValueReader(DataVerbs.Load(context));
            var files = reader.MetricFiles.Select(file => (File: file, Values: reader.Read(file))).Where(f => f.Values is not null).ToList();
            if (parsed.IsJson())
            {
                // The outer key is the revision; the workspace has none. The same shape as DVC's.
                var data = new JsonObject(files.Select(f => KeyValuePair.Create(f.File, (JsonNode?)new JsonObject { ["data"] = ValueTable.Json(f.Values) })));
                context.WriteJson(new JsonObject { [""] = new JsonObject { ["data"] = data } });
                return ExitCode.Ok;
            }

            var flat = files.Select(f => (f.File, Values: ParameterFile.Flatten(f.Values).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal))).ToList();
            var keys = flat.SelectMany(f => f.Values.Keys).Distinct(StringComparer.Ordinal).ToList();
            var rows = flat.Select(f => (string[])[f.File, .. keys.Select(k => ValueTable.Cell(f.Values.GetValueOrDefault(k), Digits))]).ToList();
            ValueTable.Write(context, ["Path", .. keys], rows, parsed.GetValue(markdown));
            return ExitCode.Ok;
        });
    }
}
