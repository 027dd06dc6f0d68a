using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Promotion;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops promote …</c>: move a release from environment to environment.</summary>
internal static class PromoteVerb
{
    public const string Summary = "Move a release from environment to environment: open, check, apply, status, reconcile, rollback, freeze.";

    private static readonly Option<string> To = new("--to") { Description = "The environment to promote to.", Required = true };
    private static readonly Option<string> Environment = new("--environment") { Description = "The environment.", Required = true };
    private static readonly Option<string?> Release = new("--release") { Description = "For the first environment: the folder that `mlops release create` wrote." };
    private static readonly Option<int?> PullRequest = new("--pull-request", "--pr") { Description = "The promotion's pull request (else the job's)." };
    private static readonly Option<string?> Back = new("--to") { Description = "The version or release id to go back to (else the release before)." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it goes into the audit log.", Required = true };
    private static readonly Option<string?> Until = new("--until") { Description = "When the freeze ends by itself (2026-12-27T00:00:00Z)." };
    private static readonly Option<bool> Lift = new("--lift") { Description = "Lift the environment's freezes and the hold of a rollback." };
    private static readonly Option<string?> Model = new("--model") { Description = "The model's name (else MLOPS_MODEL, else mlops.yaml).", Recursive = true };
    private static readonly Option<string?> Store = new("--store") { Description = "The blob store (else MLOPS_STORE, else mlops.yaml).", Recursive = true };
    private static readonly Option<string?> Deploy = new("--deploy") { Description = "The deploy repository (else MLOPS_DEPLOY_REPOSITORY, else mlops.yaml).", Recursive = true };
    private static readonly Option<string> Remote = new("--git-remote") { Description = "The model repository's remote.", DefaultValueFactory = _ => "origin", Recursive = true };

    public static Command Create(CliContext context)
    {
        var command = new Command("promote", Summary)
        {
            new Command("open", "Open the pull request that promotes what is live upstream.") { To }.Does(context, (parsed, ct) => OpenAsync(context, parsed, ct)),
            new Command("check", "Ask every rule about a promotion's pull request, with gates against what is live there; put the check mlops/promotion. Exit code 5: a rule says no.") { PullRequest }
                .Does(context, (parsed, ct) => CheckAsync(context, parsed, ct)),
            new Command("apply", "Verify everything again, then write the channel: of a release folder (first environment), or of what was merged. Exit code 5: refused.") { Environment, Release }
                .Does(context, (parsed, ct) => ApplyAsync(context, parsed, ct)),
            new Command("status", "Say what runs where, since when, and where upstream is ahead.").Does(context, (parsed, ct) => StatusAsync(context, parsed, ct)),
            new Command("reconcile", "Finish what was merged and not applied, restore missing tags, report unexplained edits (exit code 5).")
                .Does(context, (parsed, ct) => ReconcileAsync(context, parsed, ct)),
            new Command("rollback", "Go back to an older release by a new commit, and hold the channel.") { Environment, Back, Reason }
                .Does(context, (parsed, ct) => RollbackAsync(context, parsed, ct)),
            new Command("freeze", "Let no promotion into an environment, or lift that.") { Environment, Until, Reason, Lift }
                .Does(context, (parsed, ct) => FreezeAsync(context, parsed, ct)),
        };
        foreach (var option in new Option[] { Model, Store, Deploy, Remote })
            command.Options.Add(option);
        return ForgeSettings.AddTo(command);
    }

    private static async Task<int> OpenAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        var opened = await new PromotionOpening(use.WithForge()).OpenAsync(parsed.GetRequiredValue(To), use.Model, ct);
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["number"] = opened.Number, ["url"] = opened.Url.AbsoluteUri, ["branch"] = opened.Branch, ["headSha"] = opened.HeadSha, ["release"] = opened.Release.Hex,
                ["version"] = opened.Version, ["superseded"] = new JsonArray([.. opened.Superseded.Select(number => JsonValue.Create(number))]),
            });
        }
        else
        {
            context.Line($"#{opened.Number} promotes {use.Model} {opened.Version} to {parsed.GetRequiredValue(To)}: {opened.Url}");
            foreach (var number in opened.Superseded)
                context.Line($"closed #{number}, which it supersedes");
        }

        return ExitCode.Ok;
    }

    private static async Task<int> CheckAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var forge = ForgeSettings.Of(context, parsed);
        var number = forge.PullRequest(parsed.GetValue(PullRequest)) ?? throw new CliException("which pull request? Give --pull-request N", ExitCode.Usage);
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        var result = await new PromotionCheck(use.WithForge()).CheckAsync(number, ct);
        PromoteTables.Checked(context, parsed, result);
        return result.Passed ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task<int> ApplyAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        var application = new PromotionApplication(use.WithForgeIfKnown());
        var environment = parsed.GetRequiredValue(Environment);
        var outcome = parsed.GetValue(Release) is { } folder
            ? await application.ReleaseAsync(environment, context.FullPath(folder), ct)
            : await application.MergedAsync(environment, use.Model, ct);
        PromoteTables.Applied(context, parsed, outcome, outcome.AlreadyApplied ? "was applied already" : "is live");
        return ExitCode.Ok;
    }

    private static async Task<int> StatusAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        PromoteTables.Status(context, parsed, await new PromotionStatus(use.Context).ReadAsync(use.Model, ct));
        return ExitCode.Ok;
    }

    private static async Task<int> ReconcileAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        var report = await new PromotionReconciliation(use.WithForgeIfKnown()).ReconcileAsync(use.Model, ct);
        PromoteTables.Reconciled(context, parsed, report);
        return report.Unexplained.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task<int> RollbackAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        var outcome = await new PromotionRollback(use.Context).RollbackAsync(
            parsed.GetRequiredValue(Environment), use.Model, parsed.GetValue(Back), parsed.GetRequiredValue(Reason), ct);
        PromoteTables.Applied(context, parsed, outcome, "is live again", $"; held until `mlops promote freeze --environment {outcome.Environment} --lift --reason …`");
        return ExitCode.Ok;
    }

    private static async Task<int> FreezeAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        DateTimeOffset? until = parsed.GetValue(Until) is not { } text ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new CliException("--until is no time such as 2026-12-27T00:00:00Z", ExitCode.Usage);
        var environment = parsed.GetRequiredValue(Environment);
        using var use = await PromotionUse.OpenAsync(context, parsed, Parts(parsed), ct);
        // Without --model the whole environment is meant, whatever mlops.yaml names.
        var freeze = new PromotionFreeze(use.Context);
        if (parsed.GetValue(Lift))
            await freeze.LiftAsync(environment, parsed.GetValue(Model), parsed.GetRequiredValue(Reason), ct);
        else
            await freeze.FreezeAsync(environment, parsed.GetValue(Model), until, parsed.GetRequiredValue(Reason), ct);
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["environment"] = environment, ["frozen"] = !parsed.GetValue(Lift), ["until"] = until });
        else
            context.Line(parsed.GetValue(Lift) ? $"{environment} takes promotions again" : $"{environment} is frozen{(until is null ? " until it is lifted" : $" until {until:yyyy-MM-dd HH:mm} UTC")}");
        return ExitCode.Ok;
    }

    private static PromotionUse.Parts Parts(ParseResult parsed) =>
        new(parsed.GetValue(Model), parsed.GetValue(Store), parsed.GetValue(Deploy), parsed.GetValue(Remote)!);
}
