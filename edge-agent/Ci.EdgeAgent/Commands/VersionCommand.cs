using System.Runtime.InteropServices;
using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Commands;

internal static class VersionCommand
{
    public static async Task<int> RunAsync(CommandContext context)
    {
        var answer = new VersionAnswer(AgentVersion.Number, RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, OnnxRuntimeVersion(context));
        await context.Output.WriteLineAsync(context.Json
            ? JsonSerializer.Serialize(answer, AgentJson.Default.VersionAnswer)
            : $"edge-agent {answer.Version}, {answer.Runtime}, {answer.Platform}, ONNX Runtime {answer.OnnxRuntime ?? "not found (see `edge-agent doctor`)"}");
        return AgentExit.Ok;
    }

    private static string? OnnxRuntimeVersion(CommandContext context)
    {
        try
        {
            // No configuration is needed to ask for a version; one that names another library is heeded.
            var library = File.Exists(context.ConfigPath) ? context.Configuration().OnnxRuntime : null;
            return OnnxRuntime.Load(library, context.World.Environment).Version;
        }
        catch (Exception error) when (error is OnnxException or EdgeAgentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
