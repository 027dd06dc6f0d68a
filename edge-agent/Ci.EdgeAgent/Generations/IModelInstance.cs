using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>
/// A loaded model, wherever it runs. <see cref="Run"/> may be called by many threads at once; <see cref="IDisposable.Dispose"/> only when no
/// call is under way (ONNX Runtime's release does not wait), which the leases of <see cref="Generation"/> see to.
/// </summary>
internal interface IModelInstance : IDisposable
{
    IReadOnlyList<TensorInfo> Inputs { get; }

    IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The model file's own metadata.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The execution provider that really runs it.</summary>
    string Provider { get; }

    /// <summary>Why it is not the provider asked for; null where it is.</summary>
    string? ProviderFallbackReason { get; }

    /// <summary>It runs in a process of its own: disposing it is waiting, not work.</summary>
    bool LivesElsewhere => false;

    /// <summary>How often the process that it runs in ended by itself, or outgrew its memory again at once; always 0 in this one.</summary>
    int Crashes => 0;

    /// <summary>The most memory that its own process ever held; null where it runs in this one.</summary>
    long? PeakBytes => null;

    /// <summary>A process of its own that holds more than this makes way for a fresh one of the same model; no call is lost by it.</summary>
    void LimitMemory(long bytes)
    {
    }

    /// <summary>Inputs in declared order; outputs in declared order. <see cref="OnnxException"/> with the runtime's own text.</summary>
    IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs);

    /// <summary>So many callers are to come at once: whatever their ways in cost is paid now.</summary>
    void Expect(int callers)
    {
    }

    /// <summary>A way in for one caller at a time, that may keep buffers between calls; the hot path's.</summary>
    IModelCaller NewCaller() => new PlainCaller(this);
}
