using System.Globalization;
using System.Text;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Status;

/// <summary>Prometheus text (version 0.0.4), made when it is asked for.</summary>
internal static class MetricsText
{
    public static string Of(AgentStatus status, IReadOnlyList<ServedModel> models, int running)
    {
        var text = new StringBuilder(4096);
        Head(text, "ml_edge_requests_total", "counter", "Inference requests by how they ended.");
        foreach (var model in models)
        {
            var (name, c) = (Label(model.Name), model.Counters);
            foreach (var (outcome, count) in new[] { ("ok", c.Ok), ("invalid", c.Invalid), ("failed", c.FailedCount), ("shed", c.Shed), ("unready", c.Unready), ("late", c.Late), ("gone", c.Gone) })
                text.Append(CultureInfo.InvariantCulture, $"ml_edge_requests_total{{model=\"{name}\",outcome=\"{outcome}\"}} {count}\n");
        }

        Batches(text, models);
        Latency(text, models);
        Head(text, "ml_edge_serving_info", "gauge", "The generation that answers requests.");
        foreach (var model in status.Models.Where(m => m.Serving is not null))
            text.Append(CultureInfo.InvariantCulture, $"ml_edge_serving_info{{model=\"{Label(model.Name)}\",version=\"{Label(model.Serving!.Version)}\",release=\"{model.Serving.Release}\",provider=\"{Label(model.Serving.Provider)}\"}} 1\n");
        Each(text, status, "ml_edge_in_sync", "gauge", "1 where the desired release serves and has soaked.", m => m.InSync ? 1 : 0);
        Each(text, status, "ml_edge_sequence_floor", "gauge", "The highest channel sequence this device has committed.", m => m.SequenceFloor);
        Each(text, status, "ml_edge_refusals", "gauge", "Refusals that this device remembers.", m => m.Refusals.Count);
        Each(text, status, "ml_edge_source_up", "gauge", "1 where the deploy repository answered last.", m => m.SourceError is null ? 1 : 0);
        Head(text, "ml_edge_state", "gauge", "1 for the state that the model's update is in.");
        foreach (var model in status.Models)
        {
            foreach (var state in Enum.GetValues<AgentState>())
                text.Append(CultureInfo.InvariantCulture, $"ml_edge_state{{model=\"{Label(model.Name)}\",state=\"{state}\"}} {(model.State == state ? 1 : 0)}\n");
        }

        One(text, "ml_edge_requests_in_flight", "gauge", "Inference requests under way.", running);
        One(text, "ml_edge_telemetry_queued", "gauge", "Telemetry batches waiting for the mailbox.", status.TelemetryQueued);
        One(text, "ml_edge_telemetry_dropped_total", "counter", "Telemetry records dropped for want of room.", status.TelemetryDropped);
        if (status is { WrittenToday: { } today, WrittenTotal: { } total })
        {
            One(text, "ml_edge_written_today_bytes", "gauge", "Bytes that count against the day's flash budget.", today);
            One(text, "ml_edge_written_bytes_total", "counter", "Bytes written to the disk in the life of the data folder.", total);
        }

        One(text, "ml_edge_resident_memory_bytes", "gauge", "Resident memory of the agent.", status.ResidentBytes);
        return text.ToString();
    }

    private static void Batches(StringBuilder text, IReadOnlyList<ServedModel> models)
    {
        if (!models.Any(m => m.Batcher is not null))
            return;
        Head(text, "ml_edge_batches_total", "counter", "Runs of the model that the batcher started.");
        foreach (var model in models.Where(m => m.Batcher is not null))
            text.Append(CultureInfo.InvariantCulture, $"ml_edge_batches_total{{model=\"{Label(model.Name)}\"}} {model.Batcher!.Runs}\n");
        Head(text, "ml_edge_batched_requests_total", "counter", "Requests that those runs answered.");
        foreach (var model in models.Where(m => m.Batcher is not null))
            text.Append(CultureInfo.InvariantCulture, $"ml_edge_batched_requests_total{{model=\"{Label(model.Name)}\"}} {model.Batcher!.Requests}\n");
    }

    private static void Latency(StringBuilder text, IReadOnlyList<ServedModel> models)
    {
        Head(text, "ml_edge_request_duration_seconds", "summary", "Decoding, running and encoding of a request by the serving generation.");
        foreach (var model in models)
        {
            if (model.Slot.Current is not { } current || current.Health.Requests == 0)
                continue;
            var name = Label(model.Name);
            foreach (var quantile in new[] { 0.5, 0.95, 0.99 })
            {
                var seconds = current.Health.LatencyMs(quantile) / 1000;
                if (double.IsFinite(seconds))
                    text.Append(CultureInfo.InvariantCulture, $"ml_edge_request_duration_seconds{{model=\"{name}\",quantile=\"{quantile}\"}} {seconds:R}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"ml_edge_request_duration_seconds_count{{model=\"{name}\"}} {current.Health.Requests}\n");
        }
    }

    private static void Each(StringBuilder text, AgentStatus status, string name, string type, string help, Func<ModelStatus, long> value)
    {
        Head(text, name, type, help);
        foreach (var model in status.Models)
            text.Append(CultureInfo.InvariantCulture, $"{name}{{model=\"{Label(model.Name)}\"}} {value(model)}\n");
    }

    private static void One(StringBuilder text, string name, string type, string help, long value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static string Label(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
