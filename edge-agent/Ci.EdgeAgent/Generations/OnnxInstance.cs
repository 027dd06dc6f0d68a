using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>A model in this process.</summary>
/// <param name="session">The model, owned from now on.</param>
/// <param name="limit">How long one run of a caller may take; null: for ever.</param>
internal sealed class OnnxInstance(OnnxSession session, RunLimit? limit = null) : IModelInstance
{
    public IReadOnlyList<TensorInfo> Inputs => session.Inputs;

    public IReadOnlyList<TensorInfo> Outputs => session.Outputs;

    public IReadOnlyDictionary<string, string> Metadata => session.Metadata;

    public string Provider => session.Provider;

    public string? ProviderFallbackReason => session.ProviderFallbackReason;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => session.Run(inputs);

    public IModelCaller NewCaller()
    {
        var caller = new OnnxCaller(session);
        return limit is null ? caller : new LimitedCaller(caller, limit);
    }

    public void Dispose() => session.Dispose();
}
