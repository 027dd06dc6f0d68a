using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>
/// Every generation in a process of its own. The agent loads ONNX Runtime only to know its version; no model's code or memory is ever in the agent.
/// </summary>
internal sealed class ChildLoader(AgentConfiguration configuration, AgentWorld world) : IModelLoader
{
    private int made;

    public string RuntimeVersion { get; } = OnnxRuntime.Load(configuration.OnnxRuntime, world.Environment, OnnxLoader.RuntimeOptionsOf(configuration)).Version;

    public bool LoadsElsewhere => true;

    public IModelInstance Load(string path) => Start(path, null);

    public IModelInstance Load(string path, ExternalFiles files) => Start(path, files);

    private ChildInstance Start(string path, ExternalFiles? files) => ChildInstance.Start(new ChildStart
    {
        Model = path,
        Files = files,
        Number = Interlocked.Increment(ref made),
        Library = OnnxRuntime.Load(configuration.OnnxRuntime, world.Environment).LibraryPath,
        Providers = configuration.Providers,
        Threads = configuration.Threads,
        TwoFit = !configuration.Swap.IsPreserving,
        MostPerRun = TimeSpan.FromSeconds(configuration.Limits.TimeoutSeconds),
        Time = world.Time,
    });
}
