using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>Keeps a binding to the session: calls of one batch size allocate nothing.</summary>
internal sealed class OnnxCaller(OnnxSession session) : IModelCaller
{
    private readonly SessionCaller caller = new(session);

    public long KeptBytes => caller.KeptBytes;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => caller.Run(inputs);

    /// <inheritdoc cref="SessionCaller.Terminate"/>
    public void Terminate() => caller.Terminate();

    /// <inheritdoc cref="SessionCaller.Resume"/>
    public void Resume() => caller.Resume();

    public void Dispose() => caller.Dispose();
}
