using Ci.Releases;
using Ci.Statistics;

namespace Ci.Monitoring;

/// <summary>Sums telemetry up: what was served and how fast, what was refused and why, what drifted, and whether to train again.</summary>
public static class FleetMonitor
{
    /// <summary>Pure: the same batches give the same summary.</summary>
    /// <param name="environment">For the summary's head.</param>
    /// <param name="content">What the mailbox held.</param>
    /// <param name="reference">Sketches of the inputs as they were in training, by input; null or empty means that drift is not asked.</param>
    /// <param name="thresholds">When to train again.</param>
    public static FleetSummary Sum(
        string environment, MailboxContent content, IReadOnlyDictionary<string, SketchRecord>? reference = null, MonitoringThresholds? thresholds = null)
    {
        var limits = thresholds ?? new MonitoringThresholds();
        var drift = DriftOf(content.Batches, reference ?? new Dictionary<string, SketchRecord>(StringComparer.Ordinal));
        return new FleetSummary
        {
            Environment = environment,
            Batches = content.Batches.Count,
            Releases = ReleasesOf(content.Batches),
            Devices = DevicesOf(content.Batches),
            Refusals = RefusalsOf(content.Batches),
            Drift = drift,
            Decisions = [.. content.Batches.Select(b => b.Model).Distinct(StringComparer.Ordinal).Select(model => Decide(model, drift, reference?.Count > 0, limits))],
            Problems = content.Problems,
        };
    }

    private static List<ReleaseSummary> ReleasesOf(IEnumerable<TelemetryBatch> batches) =>
        [.. batches.Where(b => b.Release is not null).GroupBy(b => (b.Model, Release: b.Release!.Value))
            .Select(group => new ReleaseSummary
            {
                Model = group.Key.Model,
                Release = group.Key.Release,
                Version = group.Select(b => b.Version).LastOrDefault(version => version is not null),
                Devices = group.Select(b => b.Device).Distinct(StringComparer.Ordinal).Count(),
                Requests = group.Sum(b => b.Requests),
                Errors = group.Sum(b => b.Errors),
                LatencyMs = LatencyOf(group),
                From = group.Min(b => b.From),
                To = group.Max(b => b.To),
            }).OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.From).ThenBy(r => r.Release.Hex, StringComparer.Ordinal)];

    private static LatencySummary? LatencyOf(IEnumerable<TelemetryBatch> batches) =>
        Sketches.Merge(batches.Where(b => b.LatencyMs is not null).Select(b => b.LatencyMs!)) is { } sketch
            ? new LatencySummary(sketch.Quantile(0.5), sketch.Quantile(0.95), sketch.Quantile(0.99), sketch.Max)
            : null;

    private static List<DeviceSummary> DevicesOf(IEnumerable<TelemetryBatch> batches) =>
        [.. batches.GroupBy(b => (b.Model, b.Device)).Select(group =>
        {
            var last = group.MaxBy(b => b.Sequence)!;
            return new DeviceSummary
            {
                Device = group.Key.Device,
                Model = group.Key.Model,
                Release = last.Release,
                Version = last.Version,
                LastSeen = last.To,
                Requests = group.Sum(b => b.Requests),
                DroppedRecords = last.DroppedRecords,
            };
        }).OrderBy(d => d.Model, StringComparer.Ordinal).ThenBy(d => d.Device, StringComparer.Ordinal)];

    private static List<RefusalSummary> RefusalsOf(IEnumerable<TelemetryBatch> batches) =>
        [.. batches.SelectMany(b => b.Events.Where(e => e.Kind == TelemetryEventKind.Refusal).Select(e => (Batch: b, Event: e)))
            .GroupBy(x => (x.Batch.Model, x.Event.Release, Code: x.Event.Code ?? "unknown"))
            .Select(group =>
            {
                var last = group.MaxBy(x => x.Event.At).Event;
                return new RefusalSummary
                {
                    Model = group.Key.Model,
                    Release = group.Key.Release,
                    Version = group.Select(x => x.Event.Version).LastOrDefault(version => version is not null),
                    Code = group.Key.Code,
                    Words = Refusals.TryParse(group.Key.Code, out var code) ? code.Words() : group.Key.Code,
                    Message = last.Message,
                    Devices = [.. group.Select(x => x.Batch.Device).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                    LastAt = last.At,
                };
            }).OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.LastAt).ThenBy(r => r.Code, StringComparer.Ordinal)];

    private static List<DriftSummary> DriftOf(IReadOnlyList<TelemetryBatch> batches, IReadOnlyDictionary<string, SketchRecord> reference)
    {
        var found = new List<DriftSummary>();
        foreach (var model in batches.GroupBy(b => b.Model, StringComparer.Ordinal))
        {
            foreach (var (input, record) in reference)
            {
                var seen = Sketches.Merge(model.Where(b => b.Inputs.ContainsKey(input)).Select(b => b.Inputs[input]));
                if (seen is null || Sketches.Merge([record]) is not { } expected)
                    continue;
                found.Add(new DriftSummary
                {
                    Model = model.Key,
                    Input = input,
                    StabilityIndex = Drift.PopulationStabilityIndex(expected, seen),
                    KolmogorovSmirnov = Drift.KolmogorovSmirnov(expected, seen).Statistic,
                    Count = seen.Count,
                });
            }
        }

        return [.. found.OrderByDescending(d => d.StabilityIndex).ThenBy(d => d.Input, StringComparer.Ordinal)];
    }

    private static RetrainingDecision Decide(string model, IEnumerable<DriftSummary> drift, bool hasReference, MonitoringThresholds limits)
    {
        if (!hasReference)
            return new RetrainingDecision(model, false, ["no reference was given, so drift is not known"]);
        var mine = drift.Where(d => d.Model == model).ToList();
        var moved = mine.Where(d => d.Count >= limits.LeastValues && d.StabilityIndex >= limits.StabilityIndex).ToList();
        if (moved.Count >= limits.LeastInputs)
            return new RetrainingDecision(model, true, [.. moved.Select(d => $"{d.Input} has drifted: stability index {d.StabilityIndex:0.00} over {d.Count} values (limit {limits.StabilityIndex:0.00})")]);
        var few = mine.Count(d => d.Count < limits.LeastValues);
        return new RetrainingDecision(
            model, false, [$"{moved.Count} of {mine.Count} inputs have drifted" + (few > 0 ? $"; {few} have fewer than {limits.LeastValues} values, too few to tell" : "")]);
    }
}
