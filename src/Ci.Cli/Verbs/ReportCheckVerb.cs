using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Cli.Reports;
using Ci.Forges;

namespace Ci.Cli.Verbs;

/// <summary>
/// <c>mlops report begin</c> and <c>abort</c>: the check that a report ends shows from the job's first minute that it runs, and never hangs where
/// the job died.
/// </summary>
internal static class ReportCheckVerb
{
    /// <summary>Branch protection refers to it: all three verbs name the same one.</summary>
    public static readonly Option<string> Name = new("--check") { Description = "The check's name, as branch protection refers to it.", DefaultValueFactory = _ => "mlops/verdict" };

    private static readonly Option<string?> Sha = new("--commit-sha", "--head-sha") { Description = "The commit. Default: the job's." };
    private static readonly Option<string> Reason = new("--reason") { Description = "What the check says.", DefaultValueFactory = _ => "The job ended before its report" };

    public static Command CreateBegin(CliContext context) =>
        ForgeSettings.AddTo(new Command("begin", "Put the check on the commit as in progress.") { Name, Sha })
            .Does(context, (parsed, ct) => PutAsync(context, parsed, (name, commit, url) => ReportCheck.Begun(name, commit, url), always: true, ct));

    public static Command CreateAbort(CliContext context) =>
        ForgeSettings.AddTo(new Command("abort", "Let the check fail, unless it is completed: the last step of a job, with `if: always()`.") { Name, Sha, Reason })
            .Does(context, (parsed, ct) => PutAsync(context, parsed, (name, commit, url) => ReportCheck.Failed(name, commit, url, parsed.GetValue(Reason)!), always: false, ct));

    private static async Task<int> PutAsync(CliContext context, ParseResult parsed, Func<string, string, Uri?, CheckRun> make, bool always, CancellationToken ct)
    {
        var settings = ForgeSettings.Of(context, parsed);
        var (name, commit) = (parsed.GetValue(Name)!, settings.Commit(parsed.GetValue(Sha)));
        using var forge = settings.Open();
        Surface surface;
        try
        {
            var there = always ? null : (await forge.Checks.ListAsync(commit, ct)).FirstOrDefault(check => check.Name == name);
            if (always || there is { Status: not CheckStatus.Completed })
            {
                var receipt = await forge.Checks.PutAsync(make(name, commit, settings.Job.RunUrl), ct);
                surface = new Surface("check", SurfaceState.Posted, $"{name} on {commit[..7]} as a {receipt.Kind}", receipt.Url);
            }
            else
            {
                surface = Surface.Skip("check", there is null ? $"{name} was never begun" : $"{name} is completed");
            }
        }
        catch (ForgeException error)
        {
            surface = Surface.Of("check", error);
            context.Note($"mlops: {surface}");
        }

        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["surfaces"] = new JsonArray(surface.ToJson()) });
        else if (surface.State is SurfaceState.Posted or SurfaceState.Skipped)
            context.Line(surface.ToString());
        return ExitCode.Ok;
    }
}
