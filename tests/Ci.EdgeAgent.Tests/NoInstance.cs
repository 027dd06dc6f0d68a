using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests;

/// <summary>A model without inputs and outputs, for tests of who is leased.</summary>
internal sealed class NoInstance : IModelInstance
{
    public IReadOnlyList<TensorInfo> Inputs => [];

    public IReadOnlyList<TensorInfo> Outputs => [];

    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    public string Provider => "CPU";

    public string? ProviderFallbackReason => null;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => [];

    public void Dispose()
    {
    }
}
