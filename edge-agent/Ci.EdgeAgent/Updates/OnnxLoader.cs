using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Updates;

/// <summary>Loads models into this process.</summary>
internal sealed class OnnxLoader(OnnxRuntime runtime, AgentConfiguration configuration) : IModelLoader
{
    public string RuntimeVersion => runtime.Version;

    public IModelInstance Load(string path) => new OnnxInstance(OnnxSession.Load(
        runtime,
        path,
        new Ci.Onnx.SessionOptions { Providers = configuration.Providers, IntraOpThreads = configuration.Threads }));
}
