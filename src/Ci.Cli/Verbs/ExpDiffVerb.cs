using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp diff</c>: metrics and parameters of two experiments or revisions.</summary>
internal static class ExpDiffVerb
{
    private const int Digits = 5;

    public static Command Create(CliContext context)
    {
        var from = new Argument<string>("a_rev") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "HEAD", Description = "The older experiment or revision; HEAD if absent." };
        var to = new Argument<string?>("b_rev") { Arity = ArgumentArity.ZeroOrOne, Description = "The newer one; the workspace if absent." };
        var all = new Option<bool>("--all") { Description = "Show what did not change, too." };
        var markdown = new Option<bool>("--md") { Description = "Write Markdown tables." };
        var noPath = new Option<bool>("--no-path") { Description = "Leave the column of files out." };
        var precision = new Option<int>("--precision") { Description = "Digits after the point of metrics.", DefaultValueFactory = _ => Digits };
        return new Command("diff", "Show how metrics and parameters differ between two experiments.") { from, to, all, markdown, noPath, precision }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            using var values = await ExpValues.OfAsync(context, home, ct);
            var (a, b) = (parsed.GetValue(from)!, parsed.GetValue(to));
            var (old, now) = (await RowAsync(home, values, a, ct), b is null ? values.Workspace() : await RowAsync(home, values, b, ct));
            var metrics = ValueReader.Compare(old.Metrics, now.Metrics, parsed.GetValue(all));
            var parameters = ValueReader.Compare(old.Parameters, now.Parameters, parsed.GetValue(all));
            if (parsed.IsJson())
            {
                context.WriteJson(new JsonObject { ["metrics"] = Json(metrics), ["params"] = Json(parameters) });
                return ExitCode.Ok;
            }

            Write(context, metrics, "Metric", (a, b ?? "workspace"), parsed.GetValue(precision), parsed.GetValue(noPath), parsed.GetValue(markdown));
            if (metrics.Count > 0 && parameters.Count > 0)
                context.Line();
            Write(context, parameters, "Param", (a, b ?? "workspace"), null, parsed.GetValue(noPath), parsed.GetValue(markdown));
            return ExitCode.Ok;
        });
    }

    private static async Task<ExpRow> RowAsync(ExperimentWorkspace home, ExpValues values, string name, CancellationToken ct)
    {
        if (await home.Store.TryFindAsync(name, ct) is { } experiment)
            return await values.OfAsync(experiment, ct);
        return await home.Git.ResolveAsync(name, ct) is { } commit
            ? await values.OfAsync(commit, name, ct)
            : await values.OfAsync(await home.Store.FindAsync(name, ct), ct);
    }

    private static void Write(CliContext context, IReadOnlyList<ValueChange> changes, string title, (string A, string B) names, int? digits, bool noPath, bool markdown)
    {
        var withChange = changes.Any(c => c.Difference is not null);
        string[] headers = [.. noPath ? Array.Empty<string>() : ["Path"], title, names.A, names.B, .. withChange ? new[] { "Change" } : []];
        var rows = changes.Select(c => (string[])
        [
            .. noPath ? Array.Empty<string>() : [c.Path], c.Key, ValueTable.Cell(c.Old, digits), ValueTable.Cell(c.New, digits),
            .. withChange ? new[] { ValueTable.Cell(c.Difference, digits) } : [],
        ]);
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
