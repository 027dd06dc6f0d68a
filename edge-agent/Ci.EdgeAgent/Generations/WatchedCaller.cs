using Ci.EdgeAgent.Serving;
using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>Every way into a generation, so that whoever needs evidence can look on; costs one read of a field while nobody does.</summary>
internal sealed class WatchedCaller(Generation generation, IModelCaller inner) : IModelCaller
{
    public long KeptBytes => inner.KeptBytes;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) =>
        generation.Watch is { } watch ? Watched(watch, inputs) : inner.Run(inputs);

    /// <summary>For several requests in one run: whoever joined them tells of each.</summary>
    public IReadOnlyList<OnnxValue> RunUnwatched(IReadOnlyList<OnnxValue> inputs) => inner.Run(inputs);

    public void Dispose() => inner.Dispose();

    private IReadOnlyList<OnnxValue> Watched(ICallWatch watch, IReadOnlyList<OnnxValue> inputs)
    {
        var began = watch.Time.GetTimestamp();
        IReadOnlyList<OnnxValue>? outputs = null;
        try
        {
            return outputs = inner.Run(inputs);
        }
        finally
        {
            // What a caller did wrong is no evidence against the model.
            if (outputs is not null || InputFit.Blame(generation.Instance.Inputs, inputs) is null)
                watch.Ran(generation, inputs, outputs, watch.Time.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
