using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>One caller's way into a model, with whatever it keeps from call to call. One call at a time; disposed before its model.</summary>
internal interface IModelCaller : IDisposable
{
    /// <summary>Bytes kept between calls.</summary>
    long KeptBytes { get; }

    /// <summary>As <see cref="IModelInstance.Run"/>; the next call may overwrite the outputs.</summary>
    IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs);
}
