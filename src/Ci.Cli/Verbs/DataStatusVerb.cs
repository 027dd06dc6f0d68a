using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

/// <summary><c>data status</c>: tracked data between the last commit, the files that describe it, and the workspace.</summary>
internal static class DataStatusVerb
{
    private static readonly (DataChangeKind Kind, string Word)[] Order =
        [(DataChangeKind.Modified, "modified"), (DataChangeKind.Added, "added"), (DataChangeKind.Deleted, "deleted"), (DataChangeKind.Renamed, "renamed")];

    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Only these tracked files or folders.");
        var granular = new Option<bool>("--granular") { Description = "Show the files of folders, too." };
        var unchanged = new Option<bool>("--unchanged") { Description = "Show what did not change, too." };
        return new Command("status", "Show what changed between the last commit, the .dvc files and locks, and the data itself.") { targets, granular, unchanged }.Does(context, parsed =>
        {
            using var views = ProjectViews.Open(context);
            var wanted = views.Targets(parsed.GetValue(targets));
            var cache = views.Project.Cache;
            var workspace = views.Of(null);
            var described = DataIndex.Recorded(workspace, cache);
            var present = DataIndex.Present(workspace.Pipeline);
            var tops = workspace.Tracked.Keys.ToHashSet(StringComparer.Ordinal);
            var committed = views.HasCommits ? DataIndex.Recorded(views.Of("HEAD"), cache) : null;
            tops.UnionWith(committed is null ? [] : views.Of("HEAD").Tracked.Keys);

            bool Shown(string path) => (parsed.GetValue(granular) || tops.Contains(path.TrimEnd('/'))) && (wanted.Count == 0 || wanted.Any(w => w.Length == 0 || path.TrimEnd('/') == w || path.StartsWith(w + "/", StringComparison.Ordinal)));
            var uncommittedChanges = DataDiff.Of(described, present, cache).Where(c => Shown(c.Path)).ToList();
            var committedChanges = committed is null ? [] : DataDiff.Of(committed, described, null).Where(c => Shown(c.Path)).ToList();
            var same = parsed.GetValue(unchanged)
                ? described.Entries.Where(e => present.Entries.GetValueOrDefault(e.Key) == e.Value && committed?.Entries.GetValueOrDefault(e.Key) == e.Value).Select(e => e.Value.EndsWith(".dir", StringComparison.Ordinal) ? e.Key + "/" : e.Key).Where(Shown).Order(Data.PythonText.Order).ToList()
                : [];
            var missing = uncommittedChanges.Where(c => c.Kind == DataChangeKind.NotInCache).Select(c => c.Path).ToList();
            if (parsed.IsJson())
                context.WriteJson(Json(missing, committedChanges, uncommittedChanges, same));
            else
                Write(context, missing, committedChanges, uncommittedChanges, same);
            return ExitCode.Ok;
        });
    }

    private static JsonObject Json(List<string> missing, List<DataChange> committed, List<DataChange> uncommitted, List<string> same)
    {
        var root = new JsonObject();
        if (missing.Count > 0)
            root["not_in_cache"] = DataVerbs.Array(missing);
        foreach (var (name, changes) in new[] { ("committed", committed), ("uncommitted", uncommitted) })
        {
            var group = new JsonObject();
            foreach (var (kind, word) in Order.Where(o => changes.Exists(c => c.Kind == o.Kind)))
            {
                group[word] = new JsonArray([.. changes.Where(c => c.Kind == kind).Select(c =>
                    c.NewPath is null ? (JsonNode)c.Path : new JsonObject { ["old"] = c.Path, ["new"] = c.NewPath })]);
            }

            if (group.Count > 0)
                root[name] = group;
        }

        if (same.Count > 0)
            root["unchanged"] = DataVerbs.Array(same);
        return root;
    }

    private static void Write(CliContext context, List<string> missing, List<DataChange> committed, List<DataChange> uncommitted, List<string> same)
    {
        var sections = new List<(string Title, string[] Hints, List<string> Lines)>
        {
            ("Not in cache", ["use \"mlops fetch <file>...\" to download files"], missing),
            ("DVC committed changes", ["git commit the corresponding dvc files to update the repo"], Lines(committed)),
            ("DVC uncommitted changes", ["use \"mlops commit <file>...\" to track changes", "use \"mlops checkout <file>...\" to discard changes"], Lines(uncommitted)),
            ("DVC unchanged files", [], same),
        };
        var first = true;
        foreach (var (title, hints, lines) in sections.Where(s => s.Lines.Count > 0))
        {
            if (!first)
                context.Line();
            first = false;
            context.Line($"{title}:");
            foreach (var hint in hints)
                context.Line($"  ({hint})");
            foreach (var line in lines)
                context.Line($"        {line}");
        }

        if (first)
            context.Line("No changes.");
    }

    private static List<string> Lines(List<DataChange> changes) =>
        [.. Order.SelectMany(o => changes.Where(c => c.Kind == o.Kind).Select(c => $"{o.Word}: {(c.NewPath is null ? c.Path : $"{c.Path} -> {c.NewPath}")}"))];
}
