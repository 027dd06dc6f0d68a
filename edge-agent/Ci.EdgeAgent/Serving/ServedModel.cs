using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Serving.Batching;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Telemetry;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>One model as the listener sees it: the slot that requests lease from, and what they leave behind.</summary>
internal sealed class ServedModel(string name, PredictionRecorder recorder, ModelBoard board) : IDisposable
{
    public string Name { get; } = name;

    public GenerationSlot Slot { get; } = new();

    public PredictionRecorder Recorder { get; } = recorder;

    public ModelBoard Board { get; } = board;

    public RequestCounters Counters { get; } = new();

    /// <summary>Null where requests are not joined.</summary>
    public Batcher? Batcher { get; init; }

    /// <summary>
    /// The outputs of a decoded request: joined with others where that is wanted, else at once. The caller keeps its lease until then;
    /// where it goes away, what has not begun does not begin.
    /// </summary>
    public ValueTask<IReadOnlyList<OnnxValue>> RunAsync(Generation generation, InferenceCall call, CancellationToken gone)
    {
        gone.ThrowIfCancellationRequested();
        return Batcher is { } batcher && batcher.Takes(call)
            ? batcher.RunAsync(generation, call, gone)
            : ValueTask.FromResult(call.Run());
    }

    public void CountSuccess(Generation generation, InferenceCall call, IReadOnlyList<OnnxValue> outputs, double milliseconds)
    {
        generation.Health.Succeeded(milliseconds);
        Counters.CountOk();
        Recorder.Record(generation, call.Values!, outputs, milliseconds);
    }

    public void CountFailure(Generation generation)
    {
        generation.Health.Failed();
        Counters.CountFailed();
        Recorder.RecordError(generation);
    }

    public void Dispose()
    {
        Batcher?.Dispose();
        Slot.Dispose();
    }
}
