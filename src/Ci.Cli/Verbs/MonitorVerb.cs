using System.CommandLine;
using System.Globalization;
using Ci.Monitoring;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops monitor</c>: what the devices say, summed up.</summary>
internal static class MonitorVerb
{
    public const string Summary = "Sum the devices' telemetry up: requests, errors, latency, refusals, drift, and whether to train again.";

    private static readonly Option<string?> Store = new("--store") { Description = "The blob store that holds the mailbox (else MLOPS_STORE, else mlops.yaml)." };
    private static readonly Option<string> Environment = new("--environment") { Description = "The environment.", Required = true };
    private static readonly Option<string?> Model = new("--model") { Description = "One model; all of them without it." };
    private static readonly Option<string?> Since = new("--since") { Description = "Only what ended after this time (2026-05-01T00:00:00Z)." };
    private static readonly Option<string?> Reference = new("--reference") { Description = "A telemetry batch (JSON) whose input sketches are what training saw: drift is told against it." };

    public static Command Create(CliContext context) => new Command("monitor", Summary) { Store, Environment, Model, Since, Reference }
        .Does(context, (parsed, ct) => RunAsync(context, parsed, ct));

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var store = StoreAddress.Open(context, ProjectSettings.Load(context).Store(parsed.GetValue(Store)));
        var environment = parsed.GetRequiredValue(Environment);
        if (!Names.IsName(environment) || (parsed.GetValue(Model) is { } model && !Names.IsName(model)))
            throw new CliException("--environment and --model take names of letters, digits, '-' and '_'", ExitCode.Usage);
        var content = await new Mailbox(store).ReadAsync(environment, parsed.GetValue(Model), SinceOf(parsed), ct);
        var reference = parsed.GetValue(Reference) is { } file ? await ReferenceAsync(context, file, ct) : null;
        var summary = FleetMonitor.Sum(environment, content, reference);
        if (parsed.IsJson())
            context.WriteJson(summary.ToJson());
        else
            Print(context, summary);
        return ExitCode.Ok;
    }

    private static async Task<IReadOnlyDictionary<string, SketchRecord>> ReferenceAsync(CliContext context, string file, CancellationToken ct)
    {
        if (!File.Exists(context.FullPath(file)))
            throw new CliException($"{file} does not exist; --reference names a telemetry batch as JSON");
        try
        {
            return TelemetryBatch.Read(await File.ReadAllBytesAsync(context.FullPath(file), ct)).Inputs;
        }
        catch (ReleaseRefusedException error)
        {
            throw new CliException($"{file}: {error.Message}", inner: error);
        }
    }

    private static DateTimeOffset? SinceOf(ParseResult parsed) => parsed.GetValue(Since) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since
        : throw new CliException($"--since is no time such as 2026-05-01T00:00:00Z: {Names.Quote(text)}", ExitCode.Usage);

    private static void Print(CliContext context, FleetSummary summary)
    {
        if (summary.Batches == 0)
            context.Line($"no telemetry of {summary.Environment} yet");
        foreach (var release in summary.Releases)
        {
            var latency = release.LatencyMs is { } ms ? $", latency p50 {ms.P50:0.00} ms, p95 {ms.P95:0.00} ms, p99 {ms.P99:0.00} ms" : "";
            context.Line($"{release.Model} {release.Version ?? release.Release.Brief}: {release.Requests} requests on {release.Devices} device(s), {release.Errors} errors ({release.ErrorRate:0.00%}){latency}");
        }

        foreach (var device in summary.Devices)
            context.Line($"{device.Device} serves {device.Model} {device.Version ?? device.Release?.Brief ?? "nothing"}, last seen {device.LastSeen:yyyy-MM-dd HH:mm:ss} UTC{(device.DroppedRecords > 0 ? $", dropped {device.DroppedRecords} records" : "")}");
        foreach (var refusal in summary.Refusals)
            context.Line($"refused {refusal.Model} {refusal.Version ?? refusal.Release?.Brief}: {refusal.Code} ({refusal.Words}) on {string.Join(", ", refusal.Devices)}: {refusal.Message}");
        foreach (var drift in summary.Drift.Take(10))
            context.Line($"drift of {drift.Input}: stability index {drift.StabilityIndex:0.00}, KS {drift.KolmogorovSmirnov:0.00}, {drift.Count} values");
        foreach (var decision in summary.Decisions)
            context.Line($"{decision.Model}: {(decision.Retrain ? "train again" : "no need to train again")}: {string.Join("; ", decision.Reasons)}");
        foreach (var problem in summary.Problems)
            context.Note($"mlops: skipped {problem}");
    }
}
