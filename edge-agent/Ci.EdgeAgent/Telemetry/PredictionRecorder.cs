using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Telemetry;

/// <summary>Sketches of what goes in and comes out, by generation. Thread-safe; allocates nothing per request. Off without a mailbox.</summary>
internal sealed class PredictionRecorder(bool enabled, TimeProvider time)
{
    private readonly Lock gate = new();
    private List<TelemetryInterval> intervals = [];

    public void Record(Generation generation, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue> outputs, double milliseconds)
    {
        if (!enabled)
            return;
        lock (gate)
            Of(generation).Add(inputs, outputs, milliseconds);
    }

    public void RecordError(Generation generation)
    {
        if (!enabled)
            return;
        lock (gate)
            Of(generation).AddError();
    }

    /// <summary>All since the last call, oldest generation first.</summary>
    public IReadOnlyList<TelemetryInterval> Drain()
    {
        lock (gate)
        {
            var drained = intervals;
            intervals = [];
            return drained;
        }
    }

    private TelemetryInterval Of(Generation generation)
    {
        for (var i = intervals.Count - 1; i >= 0; i--)
        {
            if (intervals[i].Release == generation.Release)
                return intervals[i];
        }

        var fresh = new TelemetryInterval(generation, time.GetUtcNow());
        intervals.Add(fresh);
        return fresh;
    }
}
