using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary><c>metrics diff</c> and <c>params diff</c>: what differs between two revisions, or a revision and the workspace.</summary>
internal static class ValueDiff
{
    public static Command Create(CliContext context, string summary, string column, Func<ValueReader, IReadOnlyList<string>> files, int? digits, bool withChange)
    {
        var from = new Argument<string>("a_rev") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "HEAD", Description = "The older revision; HEAD if absent." };
        var to = new Argument<string?>("b_rev") { Arity = ArgumentArity.ZeroOrOne, Description = "The newer revision; the workspace if absent." };
        var all = new Option<bool>("--all") { Description = "Show what did not change, too." };
        var markdown = new Option<bool>("--md") { Description = "Write a Markdown table." };
        return new Command("diff", summary) { from, to, all, markdown }.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var reader = new ValueReader(pipeline);
            var git = await GitRepository.OpenAsync(pipeline.Project.Root, new GitOptions { Environment = context.Environment }, ct);
            var (a, b) = (parsed.GetValue(from)!, parsed.GetValue(to));
            var names = files(reader);
            var old = await ReadAsync(git, reader, a, names, ct);
            var now = b is null ? names.ToDictionary(f => f, reader.Read, StringComparer.Ordinal) : await ReadAsync(git, reader, b, names, ct);
            var changes = ValueReader.Compare(old, now, parsed.GetValue(all)).Where(c => withChange || reader.IsParameter(c.Path, c.Key)).ToList();
            if (parsed.IsJson())
                context.WriteJson(Json(changes));
            else
                Write(context, changes, [column, a, b ?? "workspace"], digits, withChange, parsed.GetValue(markdown));
            return ExitCode.Ok;
        });
    }

    private static async Task<Dictionary<string, object?>> ReadAsync(GitRepository git, ValueReader reader, string revision, IReadOnlyList<string> files, CancellationToken ct)
    {
        if (await git.ResolveAsync(revision, ct) is not { } commit)
            throw new CliException($"unknown Git revision `{revision}`; `git log --oneline --all` lists what there is");
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in files)
            values[file] = await reader.ReadAsync(git, commit, file, ct);
        return values;
    }

    private static void Write(CliContext context, IReadOnlyList<ValueChange> changes, string[] columns, int? digits, bool withChange, bool markdown)
    {
        string[] headers = withChange ? ["Path", .. columns, "Change"] : ["Path", .. columns];
        var rows = changes.Select(c =>
        {
            string[] row = [c.Path, c.Key, ValueTable.Cell(c.Old, digits), ValueTable.Cell(c.New, digits)];
            return withChange ? [.. row, ValueTable.Cell(c.Difference, digits)] : row;
        });
        ValueTable.Write(context, headers, [.. rows], markdown);
    }

    private static JsonObject Json(IEnumerable<ValueChange> changes)
    {
        var root = new JsonObject();
        foreach (var change in changes)
        {
            var file = (JsonObject)(root[change.Path] ??= new JsonObject());
            var entry = new JsonObject { ["old"] = ValueTable.Json(change.Old), ["new"] = ValueTable.Json(change.New) };
            if (change.Difference is { } difference)
                entry["diff"] = ValueTable.Json(difference);
            file[change.Key] = entry;
        }

        return root;
    }
}
