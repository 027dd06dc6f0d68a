using System.CommandLine;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Commands;

/// <summary>Asks the listener of the configured agent; says what is on disk where none answers.</summary>
internal static class StatusCommand
{
    public static readonly Option<bool> Check = new("--check") { Description = "End with 3 where a model does not serve, 4 where one is not in sync." };

    private const int MaxBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(CommandContext context, CancellationToken ct)
    {
        var configuration = context.Configuration();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience, MaxResponseContentBufferSize = MaxBytes };
        byte[] bytes;
        try
        {
            bytes = await client.GetByteArrayAsync(new Uri(new Uri(LocalAddress.Of(configuration.Listen)), "/status"), ct);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            if (!context.Json)
                await OnDiskAsync(context, configuration);
            throw new NobodyAnswersException($"no agent answers at {configuration.Listen} ({error.Message}); start it with `edge-agent run --config {context.ConfigPath}`", error);
        }

        var status = Parse(bytes, configuration.Listen);
        if (context.Json)
            await context.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(bytes));
        else
            await context.Output.WriteAsync(StatusText.Of(status));
        return context.Parsed.GetValue(Check) ? CodeOf(status) : AgentExit.Ok;
    }

    private static AgentStatus Parse(byte[] bytes, string listen)
    {
        try
        {
            var status = JsonSerializer.Deserialize(bytes, AgentJson.Default.AgentStatus);
            return status?.Schema == AgentStatus.SchemaName ? status : throw new JsonException($"its schema is not {AgentStatus.SchemaName}");
        }
        catch (JsonException error)
        {
            throw new EdgeAgentException($"who answers at {listen} is no edge-agent: {error.Message}; another program may hold the port", error);
        }
    }

    private static int CodeOf(AgentStatus status) =>
        status.Models.Any(m => m.Serving is null) ? AgentExit.Bad : status.Models.Any(m => !m.InSync) ? AgentExit.Doubtful : AgentExit.Ok;

    private static async Task OnDiskAsync(CommandContext context, AgentConfiguration configuration)
    {
        var control = CommandContext.ControlOf(configuration, context.World);
        foreach (var model in configuration.Models)
        {
            var known = ModelFolder.Releases(context.World.Files, configuration.Data, model);
            var current = ModelFolder.Pointer(context.World.Files, configuration.Data, model)?.Current;
            var orders = control.OrdersFor(model);
            string[] asked = [.. orders.Paused ? ["paused"] : Array.Empty<string>(), .. orders.Killed ? ["stopped"] : Array.Empty<string>(), .. orders.Pin is { } pin ? [$"pinned to {pin[..12]}"] : Array.Empty<string>(), .. orders.RollBack ? ["asked to go back"] : Array.Empty<string>()];
            await context.Output.WriteLineAsync($"{model}: when started, it serves {(current is null ? "nothing" : $"{known.GetValueOrDefault(current, "")} ({current[..12]})")}{(asked.Length > 0 ? "; " + string.Join(", ", asked) + " by an operator" : "")}");
        }
    }
}
