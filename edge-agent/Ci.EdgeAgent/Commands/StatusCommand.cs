using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Commands;

/// <summary>Asks the listener of the configured agent; says what is on disk where none answers.</summary>
internal static class StatusCommand
{
    private const int MaxBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string config, bool json, AgentWorld world, TextWriter output, CancellationToken ct)
    {
        var configuration = AgentConfigurationFile.Read(config, world.Environment);
        using var client = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = MaxBytes };
        byte[] bytes;
        try
        {
            bytes = await client.GetByteArrayAsync(new Uri(new Uri(Reachable(configuration.Listen)), "/status"), ct);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new EdgeAgentException($"no agent answers at {configuration.Listen} ({error.Message}); start it with `edge-agent run --config {config}`", error);
        }

        if (json)
        {
            await output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(bytes));
            return 0;
        }

        var status = JsonSerializer.Deserialize(bytes, AgentJson.Default.AgentStatus) ?? throw new EdgeAgentException("the agent answered with nothing");
        await output.WriteLineAsync($"{status.Device} ({status.Environment}), edge-agent {status.Version}, ONNX Runtime {status.OnnxRuntime}");
        foreach (var model in status.Models)
            await WriteAsync(output, model);
        return 0;
    }

    private static async Task WriteAsync(TextWriter output, ModelStatus model)
    {
        await output.WriteLineAsync($"{model.Name}: {(model.Serving is { } s ? $"serving {s.Version} since {s.Since:u}" : "nothing serves")}{(model.InSync ? ", in sync" : "")}");
        await output.WriteLineAsync($"  now      {model.StateInWords}");
        if (model.Desired is { } desired && !model.InSync)
            await output.WriteLineAsync($"  wanted   {desired.Version ?? desired.Release[..12]} (sequence {desired.Sequence})");
        if (model.WhyNot is { } why)
            await output.WriteLineAsync($"  because  {why}");
        foreach (var refusal in model.Refusals)
            await output.WriteLineAsync($"  refused  {(refusal.Version.Length > 0 ? refusal.Version : "channel")} [{refusal.Code}] {refusal.Reason}");
        foreach (var happened in model.Events)
            await output.WriteLineAsync($"  {happened.At:u}  {happened.Message}");
    }

    // An agent that listens on all addresses is asked on this machine's own.
    private static string Reachable(string listen) =>
        listen.Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal);
}
