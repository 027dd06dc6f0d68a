using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Telemetry;

namespace Ci.EdgeAgent.Serving;

/// <summary>One model as the listener sees it: the slot that requests lease from, and what they leave behind.</summary>
internal sealed class ServedModel(string name, PredictionRecorder recorder, ModelBoard board) : IDisposable
{
    public string Name { get; } = name;

    public GenerationSlot Slot { get; } = new();

    public PredictionRecorder Recorder { get; } = recorder;

    public ModelBoard Board { get; } = board;

    public RequestCounters Counters { get; } = new();

    public void Dispose() => Slot.Dispose();
}
