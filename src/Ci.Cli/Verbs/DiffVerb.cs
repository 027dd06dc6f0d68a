using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

internal static class DiffVerb
{
    public const string Summary = "Show how tracked data changed between revisions, or since a revision.";

    private static readonly (DataChangeKind Kind, string Word)[] JsonOrder =
        [(DataChangeKind.Added, "added"), (DataChangeKind.Deleted, "deleted"), (DataChangeKind.Modified, "modified"), (DataChangeKind.Renamed, "renamed"), (DataChangeKind.NotInCache, "not in cache")];

    private static readonly (DataChangeKind Kind, string Word)[] TextOrder = [JsonOrder[0], JsonOrder[1], JsonOrder[3], JsonOrder[2], JsonOrder[4]];

    public static Command Create(CliContext context)
    {
        var from = new Argument<string>("a_rev") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "HEAD", Description = "The older revision; HEAD if absent." };
        var to = new Argument<string?>("b_rev") { Arity = ArgumentArity.ZeroOrOne, Description = "The newer revision; the workspace if absent." };
        var targets = new Option<string[]>("--targets") { AllowMultipleArgumentsPerToken = true, Description = "Only these tracked files or folders." };
        var showHash = new Option<bool>("--show-hash") { Description = "Show digests, too." };
        var hideMissing = new Option<bool>("--hide-missing") { Description = "Leave out what is not in the cache." };
        var markdown = new Option<bool>("--md") { Description = "Write a Markdown table." };
        return new Command("diff", Summary) { from, to, targets, showHash, hideMissing, markdown }.Does(context, parsed =>
        {
            using var views = ProjectViews.Open(context);
            var b = parsed.GetValue(to);
            var missing = b is null && !parsed.GetValue(hideMissing);
            var changes = Changes(views, parsed.GetValue(from)!, b, views.Targets(parsed.GetValue(targets)))?.Where(c => missing || c.Kind != DataChangeKind.NotInCache).ToList();
            var hashes = parsed.GetValue(showHash);
            if (parsed.IsJson())
                context.WriteJson(Json(changes, missing, hashes));
            else if (parsed.GetValue(markdown))
                Table(context, changes ?? [], hashes);
            else
                Write(context, changes ?? [], hashes);
            return ExitCode.Ok;
        });
    }

    /// <summary>Null: there is nothing to compare with.</summary>
    private static IReadOnlyList<DataChange>? Changes(ProjectViews views, string a, string? b, IReadOnlyList<string> targets)
    {
        if (a == "HEAD" && !views.HasCommits)
            return null;
        var cache = views.Project.Cache;
        var old = DataIndex.Recorded(views.Of(a), cache);
        var now = b is null ? DataIndex.Present(views.Of(null).Pipeline) : DataIndex.Recorded(views.Of(b), cache);
        if (targets.FirstOrDefault(t => !old.Entries.Keys.Concat(now.Entries.Keys).Any(path => IsIn(path, t))) is { } nowhere)
            throw new CliException($"`{nowhere}` is tracked neither in {a} nor in {b ?? ProjectView.Workspace}");
        var changes = DataDiff.Of(old, now, b is null ? cache : null);
        if (targets.Count > 0)
            changes = [.. changes.Where(c => targets.Any(t => IsIn(c.Path.TrimEnd('/'), t) || (c.NewPath is { } moved && IsIn(moved.TrimEnd('/'), t))))];
        return changes.Count == 0 ? null : changes;
    }

    private static bool IsIn(string path, string target) => target.Length == 0 || path == target || path.StartsWith(target + "/", StringComparison.Ordinal);

    private static JsonObject Json(IReadOnlyList<DataChange>? changes, bool missing, bool hashes)
    {
        var root = new JsonObject();
        foreach (var (kind, word) in changes is null ? [] : missing ? JsonOrder : JsonOrder[..^1])
            root[word] = new JsonArray([.. changes!.Where(c => c.Kind == kind).Select(c => Entry(c, hashes))]);
        return root;
    }

    private static JsonObject Entry(DataChange change, bool hashes)
    {
        var entry = new JsonObject { ["path"] = change.NewPath is null ? change.Path : new JsonObject { ["old"] = change.Path, ["new"] = change.NewPath } };
        if (hashes)
            entry["hash"] = change.Kind == DataChangeKind.Modified ? new JsonObject { ["old"] = change.Old, ["new"] = change.New } : change.Old ?? change.New;
        return entry;
    }

    private static void Table(CliContext context, IReadOnlyList<DataChange> changes, bool hashes)
    {
        var rows = TextOrder.SelectMany(o => changes.Where(c => c.Kind == o.Kind).Select(c => (string[])(hashes ? [o.Word, Hash(c), Path(c)] : [o.Word, Path(c)]))).ToList();
        ValueTable.Write(context, hashes ? ["Status", "Hash", "Path"] : ["Status", "Path"], rows, markdown: true, evenEmpty: true);
    }

    private static void Write(CliContext context, IReadOnlyList<DataChange> changes, bool hashes)
    {
        var sums = new List<string>();
        foreach (var (kind, word) in TextOrder)
        {
            var some = changes.Where(c => c.Kind == kind).ToList();
            if (some.Count == 0)
                continue;
            context.Line($"{char.ToUpperInvariant(word[0])}{word[1..]}:");
            foreach (var change in some)
                context.Line($"    {(hashes ? Hash(change) + "  " : "")}{Path(change)}");
            context.Line();
            if (some.Count(c => !(c.NewPath ?? c.Path).EndsWith('/')) is > 0 and var files)
                sums.Add($"{files} {word}");
        }

        if (sums.Count > 0)
            context.Line($"files summary: {string.Join(", ", sums)}");
    }

    private static string Path(DataChange change) => change.NewPath is null ? change.Path : $"{change.Path} -> {change.NewPath}";

    private static string Hash(DataChange change) =>
        change.Kind == DataChangeKind.Modified ? $"{change.Old![..8]}..{change.New![..8]}" : (change.Old ?? change.New)![..8];
}
