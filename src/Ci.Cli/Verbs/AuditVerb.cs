using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Promotion;
using Ci.Releases;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops audit</c>: what ran where and when, and who approved it, from the deploy repository's hash-chained log.</summary>
internal static class AuditVerb
{
    public const string Summary = "Say what ran where and when, and who approved it.";

    private static readonly Option<string?> Environment = new("--environment") { Description = "One environment; all of them without it." };
    private static readonly Option<string?> Model = new("--model") { Description = "One model; all of them without it." };
    private static readonly Option<string?> At = new("--at") { Description = "What ran at this time (2026-05-01T12:00:00Z); the whole history without it." };
    private static readonly Option<string?> Deploy = new("--deploy") { Description = "The deploy repository (else MLOPS_DEPLOY_REPOSITORY, else mlops.yaml)." };

    public static Command Create(CliContext context) =>
        new Command("audit", $"{Summary} Reads the audit log of the deploy repository and checks its chain first. Exit code 5: a line was changed, removed or inserted.") { Environment, At, Model, Deploy }
            .Does(context, (parsed, ct) => RunAsync(context, parsed, ct));

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var (environment, model, at) = (parsed.GetValue(Environment), parsed.GetValue(Model), AtOf(parsed));
        var address = StoreAddress.OfRepository(context, ProjectSettings.Load(context).Deploy(parsed.GetValue(Deploy)));
        using var deploy = await DeployRepository.OpenAsync(address, context.Time, new Random((int)context.Time.GetTimestamp()), GitSettings.Of(context), ct);
        var snapshot = await deploy.ReadAsync(ct);
        var log = await snapshot.AuditAsync(ct);
        // An environment that is misspelt would look as if nothing had ever run there; one that the policy dropped still has its history.
        if (environment is not null && log.Entries.All(entry => entry.Environment != environment))
            (await snapshot.PolicyAsync(ct)).Of(environment);
        var unrecorded = await snapshot.UnrecordedAsync(log, ct);

        if (at is { } moment)
            TellMoment(context, parsed, log, moment, log.RanAt(moment, environment, model), unrecorded);
        else
            TellHistory(context, parsed, log, [.. log.Entries.Where(entry => (environment is null || entry.Environment == environment) && (model is null || entry.Model is null || entry.Model == model))], unrecorded);
        foreach (var commit in parsed.IsJson() ? [] : unrecorded)
            context.Note($"mlops: commit {commit.Id[..12]} of the deploy repository, “{commit.Subject}”, has no line in the log: its writer stopped half-way, or lines were cut off at the end; `mlops promote reconcile` writes what is missing of what is live");
        return ExitCode.Ok;
    }

    private static void TellMoment(CliContext context, ParseResult parsed, AuditLog log, DateTimeOffset at, IReadOnlyList<RanThen> ran, IReadOnlyList<GitCommit> unrecorded)
    {
        if (parsed.IsJson())
        {
            var rows = ran.Select(row =>
            {
                var node = Node(row.Entry);
                node["until"] = row.Until;
                return (JsonNode)node;
            });
            context.WriteJson(Document(log, unrecorded, new JsonObject { ["at"] = at, ["ran"] = new JsonArray([.. rows]) }));
            return;
        }

        if (ran.Count == 0)
            context.Line($"nothing ran at {Time(at)} UTC{(log.Entries.Count > 0 ? $"; the first line of the log is of {Time(log.Entries[0].At)} UTC" : "; the log is empty")}");
        else
        {
            RegistryVerb.Table(context, ["environment", "model", "version", "release", "from (UTC)", "until (UTC)", "how", "by", "approved by", "why"], ran.Select(row => new[]
            {
                row.Entry.Environment, row.Entry.Model!, row.Entry.Version ?? "-", row.Entry.Release!.Value.Brief, Time(row.Entry.At), row.Until is { } until ? Time(until) : "still",
                row.Entry.Action, row.Entry.Actor, Approved(row.Entry), Why(row.Entry),
            }));
        }

        Foot(context, log);
    }

    private static void TellHistory(CliContext context, ParseResult parsed, AuditLog log, IReadOnlyList<AuditEntry> entries, IReadOnlyList<GitCommit> unrecorded)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(Document(log, unrecorded, new JsonObject { ["entries"] = new JsonArray([.. entries.Select(Node)]) }));
            return;
        }

        RegistryVerb.Table(context, ["time (UTC)", "what", "environment", "model", "version", "release", "sequence", "by", "approved by", "why"], entries.Select(entry => new[]
        {
            Time(entry.At), entry.Action, entry.Environment, entry.Model ?? "all", entry.Version ?? "-", entry.Release?.Brief ?? "-",
            entry.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "-", entry.Actor, Approved(entry), Why(entry),
        }));
        Foot(context, log);
    }

    // Who keeps this digest elsewhere can later tell whether the end of the log was cut off.
    private static void Foot(CliContext context, AuditLog log) =>
        context.Line($"{log.Entries.Count} line(s), the chain is whole{(log.Entries.Count > 0 ? $"; SHA-256 of the last: {log.Head.Hex}" : "")}");

    private static string Approved(AuditEntry entry) => entry.Approvers switch
    {
        null => "-",
        [] => "nobody",
        var approvers => string.Join(", ", approvers),
    };

    private static string Why(AuditEntry entry) => string.Join("; ", new[]
    {
        entry.PullRequest is { } number ? $"pull request {number}" : null,
        entry.Source is { Length: >= 7 } source ? $"commit {source[..7]}" : null,
        entry.Reason,
    }.Where(part => part is not null));

    private static string Time(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}";

    private static JsonObject Document(AuditLog log, IReadOnlyList<GitCommit> unrecorded, JsonObject answer)
    {
        answer["lines"] = log.Entries.Count;
        answer["head"] = log.Head.Hex;
        answer["unrecorded"] = new JsonArray([.. unrecorded.Select(commit => new JsonObject { ["commit"] = commit.Id, ["at"] = commit.CommitterDate, ["subject"] = commit.Subject })]);
        return answer;
    }

    private static JsonObject Node(AuditEntry entry) => new()
    {
        ["at"] = entry.At, ["action"] = entry.Action, ["environment"] = entry.Environment, ["model"] = entry.Model, ["version"] = entry.Version,
        ["release"] = entry.Release?.Hex, ["sequence"] = entry.Sequence, ["actor"] = entry.Actor,
        ["approvers"] = entry.Approvers is null ? null : new JsonArray([.. entry.Approvers.Select(login => JsonValue.Create(login))]),
        ["pullRequest"] = entry.PullRequest, ["source"] = entry.Source, ["promotionId"] = entry.PromotionId?.Hex, ["reason"] = entry.Reason,
    };

    private static DateTimeOffset? AtOf(ParseResult parsed) => parsed.GetValue(At) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime()
        : throw new CliException($"--at is no time such as 2026-05-01T12:00:00Z: {Names.Quote(text)}", ExitCode.Usage);
}
