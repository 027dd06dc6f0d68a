using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Parameters;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

internal static class MetricsVerb
{
    public static Command Create(CliContext context) => new("metrics", "Show and compare the metrics that stages write.") { Show(context), ValueDiff.Metrics(context) };

    private static Command Show(CliContext context)
    {
        var targets = DataVerbs.Targets("Files or folders with metrics; all that the pipeline names if absent.");
        var revisions = new RevisionOptions();
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Folders among the targets stand for every file in them (they always do)." };
        var precision = ValueTable.Precision();
        var markdown = new Option<bool>("--md") { Description = "Write a Markdown table." };
        var command = new Command("show", "Show the metrics of the workspace, or of many revisions.") { targets, recursive, precision, markdown };
        revisions.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            using var views = ProjectViews.Open(context);
            var wanted = views.Targets(parsed.GetValue(targets));
            var found = new List<FoundMetrics>();
            foreach (var (name, revision) in await revisions.NamesAsync(context, views, parsed, ct))
            {
                using var view = views.Of(revision);
                found.Add(new FoundMetrics(name, LoadedValues.Metrics(context, view, wanted), new HashSet<string>(wanted.Count == 0 ? [] : new ValueReader(view).MetricFiles, StringComparer.Ordinal)));
            }

            if (wanted.FirstOrDefault(t => !found.Exists(f => f.Knows(t))) is { } nowhere)
                throw new CliException($"`{nowhere}` is no file of metrics here; `mlops metrics show` lists what the pipeline names");
            await HideWorkspaceAsync(context, views, found, ct);
            if (parsed.IsJson())
                context.WriteJson(Json(views, found));
            else
                Write(context, views, found, revisions.IsAny(parsed), ValueTable.DigitsOf(parsed.GetValue(precision)), parsed.GetValue(markdown));
            return ExitCode.Ok;
        });
    }

    // A workspace that says the same as its branch only repeats it.
    private static async Task HideWorkspaceAsync(CliContext context, ProjectViews views, List<FoundMetrics> found, CancellationToken ct)
    {
        if (found.Count < 2 || found[0].Revision != ProjectView.Workspace)
            return;
        var branch = await (await Git.GitRepository.OpenAsync(views.Project.Root, GitSettings.Of(context), ct)).CurrentBranchAsync(ct);
        var same = found.FindIndex(f => f.Revision == branch);
        if (same > 0 && Json(views, [found[0] with { Revision = "" }]).ToJsonString() == Json(views, [found[same] with { Revision = "" }]).ToJsonString())
            found.RemoveAt(0);
    }

    // The outer key is the revision; the workspace alone has none. The same shape as DVC's.
    private static JsonObject Json(ProjectViews views, IEnumerable<FoundMetrics> found)
    {
        var root = new JsonObject();
        foreach (var one in found)
        {
            var files = new JsonObject();
            foreach (var file in one.Files)
                files[views.FromHere(file.Path)] = file.Problem is null ? new JsonObject { ["data"] = ValueTable.Json(file.Values) } : new JsonObject { ["error"] = Error(file) };
            root[one.Revision] = new JsonObject { ["data"] = files };
        }

        return root;
    }

    // Its types are those that DVC's users look for.
    private static JsonObject Error(MetricFile file) => new()
    {
        ["type"] = file.IsAbsent ? "FileNotFoundError" : Path.GetExtension(file.Path) switch { ".json" => "JSONFileCorruptedError", ".toml" => "TOMLFileCorruptedError", _ => "YAMLFileCorruptedError" },
        ["msg"] = file.Problem,
    };

    // A file that could not be read has a row, too: that it is missing is a finding.
    private static void Write(
        CliContext context, ProjectViews views, List<FoundMetrics> found, bool withRevision, int digits, bool markdown)
    {
        var flat = found.SelectMany(f => f.Files.Select(file =>
            (f.Revision, File: views.FromHere(file.Path), Values: file.Values is OrderedDictionary<string, object?> { Count: 0 } ? [] : ParameterFile.Flatten(file.Values).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal)))).ToList();
        var keys = flat.SelectMany(f => f.Values.Keys).Distinct(StringComparer.Ordinal).Order(Data.PythonText.Order).ToList();
        var skipped = withRevision ? 0 : 1;
        var rows = flat.Select(f => (string[])[.. new[] { f.Revision, f.File }.Skip(skipped), .. keys.Select(k => ValueTable.Cell(f.Values.GetValueOrDefault(k), digits))]);
        ValueTable.Write(context, [.. new[] { "Revision", "Path" }.Skip(skipped), .. keys], [.. rows], markdown);
    }
}
