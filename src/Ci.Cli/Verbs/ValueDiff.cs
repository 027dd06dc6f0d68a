using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

/// <summary><c>metrics diff</c> and <c>params diff</c>: what differs between two revisions, or a revision and the workspace.</summary>
internal sealed class ValueDiff
{
    private readonly Argument<string> from = new("a_rev") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "HEAD", Description = "The older revision; HEAD if absent." };
    private readonly Argument<string> to = new("b_rev") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => ProjectView.Workspace, Description = "The newer revision; the workspace if absent." };
    private readonly Option<string[]> targets = new("--targets") { AllowMultipleArgumentsPerToken = true, Description = "Only these files, even if the pipeline does not name them." };
    private readonly Option<bool> all = new("--all") { Description = "Show what did not change, too." };
    private readonly Option<bool> noPath = new("--no-path") { Description = "Leave out the column with the file." };
    private readonly Option<bool> markdown = new("--md") { Description = "Write a Markdown table." };
    private readonly Option<bool> dependencies = new("--deps") { Description = "Only parameters that stages depend on." };
    private readonly Option<bool> recursive = new("--recursive", "-R") { Description = "Folders among the targets stand for every file in them (they always do)." };
    private readonly Option<int?> precision = ValueTable.Precision();

    private readonly CliContext context;
    private readonly bool isMetrics;

    private ValueDiff(CliContext context, bool isMetrics) => (this.context, this.isMetrics) = (context, isMetrics);

    public static Command Metrics(CliContext context)
    {
        var diff = new ValueDiff(context, isMetrics: true);
        return new Command("diff", "Show how metrics changed between revisions, or since a revision.")
        {
            diff.from, diff.to, diff.targets, diff.recursive, diff.all, diff.markdown, diff.noPath, diff.precision,
        }.Does(context, diff.Run);
    }

    public static Command Parameters(CliContext context)
    {
        var diff = new ValueDiff(context, isMetrics: false);
        return new Command("diff", "Show how parameters changed between revisions, or since a revision.")
        {
            diff.from, diff.to, diff.targets, diff.dependencies, diff.all, diff.markdown, diff.noPath,
        }.Does(context, diff.Run);
    }

    private int Run(ParseResult parsed)
    {
        using var views = ProjectViews.Open(this.context);
        var (a, b) = (parsed.GetValue(this.from)!, parsed.GetValue(this.to)!);
        IReadOnlyList<ValueChange> changes = [];
        if (a != "HEAD" || views.HasCommits)
        {
            var wanted = views.Targets(parsed.GetValue(this.targets));
            var (old, now) = (this.Read(views, a, wanted, parsed), this.Read(views, b, wanted, parsed));
            if (wanted.FirstOrDefault(t => !Holds(old, t) && !Holds(now, t)) is { } nowhere)
                throw new CliException($"`{nowhere}` is a file of values neither in {a} nor in {b}");
            changes = [.. ValueReader.Compare(old, now, parsed.GetValue(this.all)).Select(c => c with { Path = views.FromHere(c.Path) })];
        }

        if (parsed.IsJson())
            this.context.WriteJson(this.Json(changes));
        else
            this.Write(changes, a, b, parsed);
        return ExitCode.Ok;
    }

    private OrderedDictionary<string, object?> Read(ProjectViews views, string revision, IReadOnlyList<string> wanted, ParseResult parsed)
    {
        var view = views.Of(revision);
        return LoadedValues.Of(this.context, view, reader => this.isMetrics ? reader.Metrics(wanted) : reader.Parameters(wanted, parsed.GetValue(this.dependencies)), quiet: wanted.Count > 0);
    }

    private static bool Holds(OrderedDictionary<string, object?> values, string target) =>
        values.Keys.Any(file => target.Length == 0 || file == target || file.StartsWith(target + "/", StringComparison.Ordinal));

    private void Write(IReadOnlyList<ValueChange> changes, string a, string b, ParseResult parsed)
    {
        int? digits = this.isMetrics ? ValueTable.DigitsOf(parsed.GetValue(this.precision)) : null;
        string[] headers = ["Path", this.isMetrics ? "Metric" : "Param", a, b, "Change"];
        var skipped = parsed.GetValue(this.noPath) ? 1 : 0;
        var taken = headers.Length - skipped - (this.isMetrics ? 0 : 1);
        var rows = changes.Select(c => (string[])[c.Path, c.Key, ValueTable.Cell(c.Old, digits), ValueTable.Cell(c.New, digits), ValueTable.Cell(c.Difference, digits)]);
        ValueTable.Write(this.context, [.. headers.Skip(skipped).Take(taken)], [.. rows.Select(r => r.Skip(skipped).Take(taken).ToArray())], parsed.GetValue(this.markdown));
    }

    private JsonObject Json(IEnumerable<ValueChange> changes)
    {
        var root = new JsonObject();
        foreach (var change in changes)
        {
            var file = (JsonObject)(root[change.Path] ??= new JsonObject());
            var entry = new JsonObject { ["old"] = ValueTable.JsonOfDiff(change.Old), ["new"] = ValueTable.JsonOfDiff(change.New) };
            if (change.Difference is { } difference)
                entry["diff"] = ValueTable.Json(difference);
            file[change.Key] = entry;
        }

        return root;
    }
}
