using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal static class StageVerb
{
    public const string Summary = "List stages, or add one to dvc.yaml.";

    private const int MostWords = 80;

    public static Command Create(CliContext context) => new("stage", Summary) { StageAddVerb.Create(context), List(context) };

    private static Command List(CliContext context)
    {
        var targets = DataVerbs.Targets("A dvc.yaml, a folder, stages; the stages of this folder if absent.");
        var all = new Option<bool>("--all") { Description = "Every stage of the project." };
        var names = new Option<bool>("--name-only", "--names-only") { Description = "Only names." };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Folders stand for the stages below them, too." };
        var fail = new Option<bool>("--fail") { Description = "End with an error when a dvc.yaml cannot be read (it always does)." };
        return new Command("list", "List the stages and what they make.") { targets, all, names, recursive, fail }.Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var stages = parsed.GetValue(all) ? pipeline.Stages : Chosen(context, pipeline, parsed.GetValue(targets)!, parsed.GetValue(recursive));
            var rows = stages.Select(s => (s.Address, Words: Cut(Made(s)))).ToList();
            if (parsed.IsJson())
                context.WriteJson(new JsonObject(rows.Select(r => KeyValuePair.Create(r.Address, (JsonNode?)r.Words))));
            else
            {
                var width = rows.Count == 0 ? 0 : rows.Max(r => r.Address.Length);
                rows.ForEach(r => context.Line(parsed.GetValue(names) ? r.Address : $"{r.Address.PadRight(width)}  {r.Words}"));
            }

            return ExitCode.Ok;
        });
    }

    private static List<Stage> Chosen(CliContext context, Pipeline pipeline, string[] targets, bool recursive)
    {
        var found = new List<Stage>();
        foreach (var target in targets.Length == 0 ? ["."] : targets)
        {
            var path = Path.TrimEndingDirectorySeparator(context.FullPath(target));
            found.AddRange(Directory.Exists(path)
                ? pipeline.Stages.Where(s => s.Folder == path || (recursive && s.Folder.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
                : pipeline.Select([target], context.WorkingDirectory, alone: true));
        }

        return [.. found.Distinct()];
    }

    private static string Made(Stage stage)
    {
        if (stage.Outputs.Count == 0)
            return stage.Dependencies.Count == 0 ? "No outputs or dependencies" : $"Depends on {string.Join(", ", stage.Dependencies.Select(d => d.Path))}";
        var data = stage.Outputs.Where(o => o.Kind == OutputKind.Data).Select(o => o.Path).ToList();
        var reports = stage.Outputs.Where(o => o.Kind != OutputKind.Data).Select(o => o.Path).ToList();
        var parts = new List<string>();
        if (data.Count > 0)
            parts.Add($"Outputs {string.Join(", ", data)}");
        if (reports.Count > 0)
            parts.Add($"Reports {string.Join(", ", reports)}");
        return string.Join("; ", parts);
    }

    private static string Cut(string text) => text.Split('\n')[0] is var line && line.Length > MostWords ? line[..(MostWords - 1)] + "…" : line;
}
