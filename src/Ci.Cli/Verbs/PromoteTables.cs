using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Promotion;

namespace Ci.Cli.Verbs;

/// <summary>What <c>mlops promote …</c> prints, for people and for machines.</summary>
internal static class PromoteTables
{
    /// <summary>Refusals come first: they are what the reader must act on.</summary>
    public static void Checked(CliContext context, ParseResult parsed, CheckResult result)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["passed"] = result.Passed, ["environment"] = result.Environment, ["model"] = result.Model, ["release"] = result.Release.Hex, ["version"] = result.Version,
                ["rules"] = new JsonArray([.. result.Rules.Select(rule => new JsonObject { ["rule"] = rule.Rule, ["passed"] = rule.Passed, ["words"] = rule.Words })]),
            });
            return;
        }

        context.Line(result.Title);
        RegistryVerb.Table(context, ["rule", "holds", "why"], result.Rules.OrderBy(rule => rule.Passed).Select(rule => new[] { rule.Rule, rule.Passed ? "yes" : "NO", rule.Words }));
    }

    public static void Status(CliContext context, ParseResult parsed, IReadOnlyList<EnvironmentStatus> rows)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonArray([.. rows.Select(row => new JsonObject
            {
                ["environment"] = row.Environment, ["model"] = row.Model, ["release"] = row.Release?.Hex, ["version"] = row.Version, ["sequence"] = row.Sequence,
                ["at"] = row.At, ["by"] = row.By, ["upstream"] = row.Upstream, ["aheadRelease"] = row.AheadRelease?.Hex, ["aheadVersion"] = row.AheadVersion,
                ["hold"] = row.Hold, ["holdReason"] = row.HoldReason, ["frozen"] = row.Frozen, ["pending"] = row.Pending, ["auditProblem"] = row.AuditProblem,
            })]));
            return;
        }

        RegistryVerb.Table(context, ["environment", "version", "release", "since (UTC)", "by", "sequence", "upstream", "notes"], rows.Select(row => new[]
        {
            row.Environment, row.Version ?? "nothing", row.Release?.Brief ?? "-", Time(row.At), row.By ?? "-", row.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "-", Upstream(row), Notes(row),
        }));
        if (rows.FirstOrDefault(row => row.AuditProblem is not null) is { } broken)
            context.Note($"mlops: since and by are not known: {broken.AuditProblem}");
    }

    public static void Reconciled(CliContext context, ParseResult parsed, ReconcileReport report)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["applied"] = new JsonArray([.. report.Applied.Select(Node)]),
                ["waiting"] = new JsonArray([.. report.Waiting.Select(words => JsonValue.Create(words))]),
                ["unexplained"] = new JsonArray([.. report.Unexplained.Select(words => JsonValue.Create(words))]),
            });
            return;
        }

        foreach (var outcome in report.Applied)
            context.Line($"finished {outcome.Model} {outcome.Version} in {outcome.Environment}{(outcome.Tags.Count > 0 ? $", tags {string.Join(' ', outcome.Tags)}" : "")}");
        foreach (var words in report.Waiting)
            context.Line($"waits: {words}");
        foreach (var words in report.Unexplained)
            context.Line($"unexplained: {words}");
        if (report.Applied.Count + report.Waiting.Count + report.Unexplained.Count == 0)
            context.Line("everything is as it was promoted");
    }

    public static void Applied(CliContext context, ParseResult parsed, ApplyOutcome outcome, string verb, string then = "")
    {
        if (parsed.IsJson())
            context.WriteJson(Node(outcome));
        else
            context.Line($"{outcome.Model} {outcome.Version} ({outcome.Release.Brief}) {verb} in {outcome.Environment} as sequence {outcome.Sequence}{then}");
        foreach (var note in outcome.Notes)
            context.Note($"mlops: {note}");
    }

    /// <summary>A moment to the minute, in UTC; a dash where it is not known.</summary>
    public static string Time(DateTimeOffset? at) => at is { } time ? $"{time.UtcDateTime:yyyy-MM-dd HH:mm}" : "-";

    private static string Upstream(EnvironmentStatus row) => row switch
    {
        { Upstream: null } => "-",
        { AheadRelease: { } ahead } => $"{row.AheadVersion ?? ahead.Brief} is live in {row.Upstream}, not here",
        { Release: not null } => $"same as {row.Upstream}",
        _ => $"nothing in {row.Upstream} yet",
    };

    private static string Notes(EnvironmentStatus row) => string.Join("; ", new[]
    {
        row.Hold ? $"held: {row.HoldReason}" : null,
        row.Frozen is null ? null : $"frozen: {row.Frozen}",
        row.Pending ? $"merged but not applied: `mlops promote apply --environment {row.Environment}`" : null,
    }.Where(note => note is not null));

    private static JsonObject Node(ApplyOutcome outcome) => new()
    {
        ["environment"] = outcome.Environment, ["model"] = outcome.Model, ["release"] = outcome.Release.Hex, ["version"] = outcome.Version,
        ["promotionId"] = outcome.PromotionId.Hex, ["sequence"] = outcome.Sequence, ["alreadyApplied"] = outcome.AlreadyApplied,
        ["tags"] = new JsonArray([.. outcome.Tags.Select(tag => JsonValue.Create(tag))]),
        ["notes"] = new JsonArray([.. outcome.Notes.Select(note => JsonValue.Create(note))]),
    };
}
