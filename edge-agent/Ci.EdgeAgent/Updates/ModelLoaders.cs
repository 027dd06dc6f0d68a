using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Isolation;
using Ci.Onnx;

namespace Ci.EdgeAgent.Updates;

/// <summary>Which loader the configuration asks for.</summary>
internal static class ModelLoaders
{
    public static IModelLoader Create(AgentConfiguration configuration, AgentWorld world) =>
        world.Loader?.Invoke(configuration)
        ?? (configuration.Swap.InChild
            ? new ChildLoader(configuration, world)
            : new OnnxLoader(OnnxRuntime.Load(configuration.OnnxRuntime, world.Environment, OnnxLoader.RuntimeOptionsOf(configuration)), configuration, new RunLimit(TimeSpan.FromSeconds(configuration.Limits.TimeoutSeconds), world.Time)));
}
