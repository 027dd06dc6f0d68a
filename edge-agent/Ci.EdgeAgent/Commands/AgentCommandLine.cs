using System.CommandLine;
using Ci.EdgeAgent.Hosting;
using Ci.Git;
using Ci.Onnx;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Commands;

/// <summary>run, status, pause, resume. Exit codes: 0 done, 1 failed (standard error says why), 2 wrong usage.</summary>
internal static class AgentCommandLine
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    private static readonly Option<string> Config = new("--config", "-c")
    {
        Description = "The configuration file; MLOPS_EDGE_… variables come before it.",
        DefaultValueFactory = _ => "agent.json",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Write the status document as it is." };

    public static async Task<int> RunAsync(string[] arguments, AgentWorld world, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Keeps the models of a device what their channels say: fetches, verifies, proves, serves, and goes back when one misbehaves.");
        root.Options.Add(Config);
        root.Subcommands.Add(Command("run", "Serve, and follow the channels until stopped.", error, (parsed, ct) => RunCommand.RunAsync(parsed.GetValue(Config)!, world, ct)));
        var status = Command("status", "Ask the running agent what it serves, and why.", error, (parsed, ct) => StatusCommand.RunAsync(parsed.GetValue(Config)!, parsed.GetValue(Json), world, output, ct));
        status.Options.Add(Json);
        root.Subcommands.Add(status);
        root.Subcommands.Add(Command("pause", "Hold updates; what serves goes on serving.", error, (parsed, _) => PauseCommand.Pause(parsed.GetValue(Config)!, world, output)));
        root.Subcommands.Add(Command("resume", "End a pause, or leave safe mode.", error, (parsed, _) => PauseCommand.Resume(parsed.GetValue(Config)!, world, output)));
        root.Subcommands.Add(HostModelCommand.Create());
        var parsed = root.Parse(arguments);
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = DrainTime,
        });
        return parsed.Errors.Count > 0 ? 2 : code;
    }

    private static Command Command(string name, string description, TextWriter error, Func<ParseResult, CancellationToken, Task<int>> body)
    {
        var command = new Command(name, description);
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                return await body(parsed, ct);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                await error.WriteLineAsync($"edge-agent: {failure.Message}");
                return 1;
            }
        });
        return command;
    }

    private static bool IsExpected(Exception error) =>
        error is EdgeAgentException or OnnxException or StorageException or GitException or ReleaseRefusedException or IOException or UnauthorizedAccessException or HttpRequestException;
}
