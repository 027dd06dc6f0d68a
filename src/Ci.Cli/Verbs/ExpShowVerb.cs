using System.CommandLine;
using System.Text.RegularExpressions;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp show</c>: the table, sorted by a metric, with marks where a difference is more than chance.</summary>
internal static class ExpShowVerb
{
    private static readonly Option<string?> SortBy = new("--sort-by") { Description = "A metric or parameter; metrics get marks of significance." };
    private static readonly Option<string> SortOrder = Choice(new("--sort-order") { Description = "asc or desc.", DefaultValueFactory = _ => "asc" }, "asc", "desc");
    private static readonly Option<string> Against = Choice(new("--against") { Description = "What marks compare with: best (of the sorted metric) or baseline.", DefaultValueFactory = _ => "best" }, "best", "baseline");
    private static readonly Option<bool> OnlyChanged = new("--only-changed") { Description = "Only metrics and parameters that vary." };
    private static readonly Option<bool> AllParameters = new("--all-params") { Description = "Parameters that are the same everywhere, too." };
    private static readonly Option<bool> Markdown = new("--md") { Description = "Write a Markdown table." };
    private static readonly Option<bool> Csv = new("--csv") { Description = "Write CSV." };
    private static readonly Option<bool> AllBranches = new("--all-branches", "-a") { Description = "Experiments of the tips of all branches." };
    private static readonly Option<bool> AllTags = new("--all-tags", "-T") { Description = "Experiments of all tags." };
    private static readonly Option<bool> Ids = new("--sha") { Description = "Show commit ids instead of the names of branches and tags." };
    private static readonly Option<bool> HideFailed = new("--hide-failed") { Description = "Leave failed experiments out." };
    private static readonly Option<bool> HideQueued = new("--hide-queued") { Description = "Leave queued experiments out." };
    private static readonly Option<bool> HideWorkspace = new("--hide-workspace") { Description = "Leave the workspace out." };
    private static readonly Option<string[]> Drop = new("--drop") { Description = "Leave columns out whose name fits this regular expression." };
    private static readonly Option<string[]> Keep = new("--keep") { Description = "Keep columns whose name fits this regular expression, whatever --drop says." };
    private static readonly Option<int?> Precision = new("--precision") { Description = "Digits after the point; 5 if absent." };
    private static readonly Option<bool> NoPager = new("--no-pager") { Description = "Accepted for DVC's sake: there is no pager." };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Accepted for DVC's sake: nothing is remembered between calls." };
    private static readonly ExpSelection Selection = new();

    public static Command Create(CliContext context)
    {
        var command = new Command("show", "Show experiments as a table.")
        {
            SortBy, SortOrder, Against, OnlyChanged, AllParameters, Markdown, Csv, AllBranches, AllTags, Ids, HideFailed, HideQueued, HideWorkspace, Drop, Keep, Precision, NoPager, Force,
        };
        Selection.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var options = new ExpTableOptions
            {
                HideWorkspace = parsed.GetValue(HideWorkspace),
                HideQueued = parsed.GetValue(HideQueued),
                HideFailed = parsed.GetValue(HideFailed),
                SortBy = parsed.GetValue(SortBy),
                Descending = parsed.GetValue(SortOrder) == "desc",
                AllParameters = parsed.GetValue(AllParameters) || parsed.IsJson(),
                OnlyChanged = parsed.GetValue(OnlyChanged),
                Ids = parsed.GetValue(Ids),
            };
            var table = await ExpTable.OfAsync(context, home, await CommitsAsync(home, parsed, ct), options, ct);
            var found = table.IsSortedByMetric ? await ExpSignificance.OfAsync(home, table, parsed.GetValue(Against) == "baseline", ct) : ExpSignificance.None;
            if (parsed.IsJson())
                context.WriteJson(ExpTableJson.Of(table, found));
            else
                Write(context, parsed, table, found);
            return ExitCode.Ok;
        });
    }

    private static void Write(CliContext context, ParseResult parsed, ExpTable table, ExpSignificance found)
    {
        var form = parsed.GetValue(Csv) ? ExpTableForm.Csv : parsed.GetValue(Markdown) ? ExpTableForm.Markdown : ExpTableForm.Plain;
        ExpTableText.Write(context, table, form, found.Marks, parsed.GetValue(Precision), Pattern(parsed.GetValue(Drop)), Pattern(parsed.GetValue(Keep)));
        if (form == ExpTableForm.Csv)
            return;
        foreach (var note in found.Footnotes)
            context.Line($"\n{note}");
    }

    private static async Task<IReadOnlyList<string>> CommitsAsync(ExperimentWorkspace home, ParseResult parsed, CancellationToken ct)
    {
        var commits = (await Selection.CommitsAsync(parsed, home, ct)).ToList();
        if (parsed.GetValue(AllBranches))
            commits.AddRange((await home.Git.RefsAsync("refs/heads", ct)).Select(r => r.Commit));
        if (parsed.GetValue(AllTags))
            commits.AddRange((await home.Git.TagsAsync(ct)).Select(t => t.TargetCommit));
        return [.. commits.Distinct(StringComparer.Ordinal)];
    }

    private static Regex? Pattern(string[]? patterns)
    {
        try
        {
            // As DVC: from the beginning of the name. A pattern is a person's own, but may still be a slow one.
            return patterns is { Length: > 0 } ? new Regex($"^(?:{string.Join('|', patterns)})", RegexOptions.None, TimeSpan.FromSeconds(1)) : null;
        }
        catch (ArgumentException error)
        {
            throw new CliException($"--drop and --keep take regular expressions: {error.Message}", ExitCode.Usage, error);
        }
    }

    private static Option<string> Choice(Option<string> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
