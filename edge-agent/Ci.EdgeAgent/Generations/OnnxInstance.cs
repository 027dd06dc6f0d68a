using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>A model in this process.</summary>
internal sealed class OnnxInstance(OnnxSession session) : IModelInstance
{
    public IReadOnlyList<TensorInfo> Inputs => session.Inputs;

    public IReadOnlyList<TensorInfo> Outputs => session.Outputs;

    public IReadOnlyDictionary<string, string> Metadata => session.Metadata;

    public string Provider => session.Provider;

    public string? ProviderFallbackReason => session.ProviderFallbackReason;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => session.Run(inputs);

    public IModelCaller NewCaller() => new OnnxCaller(session);

    public void Dispose() => session.Dispose();
}
