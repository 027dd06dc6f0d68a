using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.Onnx;

namespace Ci.EdgeAgent.Doctor;

/// <summary>ONNX Runtime: whether it loads, and whether it has what is wanted.</summary>
internal static class RuntimeChecks
{
    public static IEnumerable<Finding> Of(AgentConfiguration configuration, AgentWorld world)
    {
        var (runtime, problem) = Load(configuration, world);
        if (runtime is null)
        {
            yield return Finding.Fail("onnxruntime", problem!, "lay libonnxruntime.so.1 beside the program, or name it as `onnxRuntime`");
            yield break;
        }

        yield return Finding.Ok("onnxruntime", $"{runtime.Version} from {runtime.LibraryPath}");
        var missing = configuration.Providers.Where(p => !runtime.Providers.Contains(p, StringComparer.OrdinalIgnoreCase)).ToList();
        yield return missing.Count == 0
            ? Finding.Ok("providers", string.Join(", ", configuration.Providers))
            : Finding.Warn("providers", $"{string.Join(", ", missing)} is not in this library, which has {string.Join(", ", runtime.Providers)}: models run on what is left", "take the library of your board's vendor, or change `providers`");
    }

    private static (OnnxRuntime? Runtime, string? Problem) Load(AgentConfiguration configuration, AgentWorld world)
    {
        try
        {
            return (OnnxRuntime.Load(configuration.OnnxRuntime, world.Environment), null);
        }
        catch (Exception error) when (error is OnnxException or IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }
}
