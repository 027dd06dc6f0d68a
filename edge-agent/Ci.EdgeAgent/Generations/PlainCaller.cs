using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>Keeps nothing.</summary>
internal sealed class PlainCaller(IModelInstance instance) : IModelCaller
{
    public long KeptBytes => 0;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => instance.Run(inputs);

    public void Dispose()
    {
    }
}
