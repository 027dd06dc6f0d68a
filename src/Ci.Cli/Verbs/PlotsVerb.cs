using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Plots;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

internal static class PlotsVerb
{
    public static Command Create(CliContext context) => new("plots", "Draw the series that stages write, of the workspace and of revisions.") { Show(context), Diff(context), Templates(context) };

    private static Command Show(CliContext context)
    {
        var targets = DataVerbs.Targets("Plots by their files or names; all if absent.");
        var options = new PlotOptions();
        var command = new Command("show", "Draw the plots of the workspace into a page.") { targets };
        options.AddTo(command);
        return command.Does(context, parsed =>
        {
            using var views = ProjectViews.Open(context);
            return PlotOutput.Write(context, views, options, parsed, parsed.GetValue(targets) ?? [], [ProjectView.Workspace]);
        });
    }

    private static Command Diff(CliContext context)
    {
        var revisions = new Argument<string[]>("revisions") { Arity = ArgumentArity.ZeroOrMore, Description = "What to compare; one alone with the workspace, none: HEAD with it." };
        var targets = new Option<string[]>("--targets") { AllowMultipleArgumentsPerToken = true, Description = "Plots by their files or names; all if absent." };
        var options = new PlotOptions();
        var command = new Command("diff", "Draw the plots of several revisions over each other.") { revisions, targets };
        options.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            using var views = ProjectViews.Open(context);
            return PlotOutput.Write(context, views, options, parsed, parsed.GetValue(targets) ?? [], await RevisionsAsync(context, views, parsed.GetValue(revisions) ?? [], ct));
        });
    }

    // As DVC chooses: the workspace stands first wherever it is named; a clean workspace says the same as HEAD.
    public static async Task<IReadOnlyList<string>> RevisionsAsync(CliContext context, ProjectViews views, IReadOnlyList<string> named, CancellationToken ct)
    {
        if (!views.HasCommits)
            return [];
        List<string> chosen = [.. named];
        if (chosen.Count == 0 && await (await GitRepository.OpenAsync(views.Project.Root, GitSettings.Of(context), ct)).IsDirtyAsync(ct))
            chosen.Add("HEAD");
        if (chosen.Count <= 1 && !chosen.Contains(ProjectView.Workspace, StringComparer.Ordinal))
            chosen.Add(ProjectView.Workspace);
        return chosen.Contains(ProjectView.Workspace, StringComparer.Ordinal) ? [ProjectView.Workspace, .. chosen.Where(r => r != ProjectView.Workspace).Distinct()] : [.. chosen.Distinct()];
    }

    private static Command Templates(CliContext context) =>
        new Command("templates", "List the built-in templates.").Does(context, parsed =>
        {
            if (parsed.IsJson())
                context.WriteJson(DataVerbs.Array(VegaSpec.Templates));
            else
                VegaSpec.Templates.ToList().ForEach(context.Line);
            return ExitCode.Ok;
        });
}
