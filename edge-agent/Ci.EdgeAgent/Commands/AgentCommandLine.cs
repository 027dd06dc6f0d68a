using System.CommandLine;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.Git;
using Ci.Onnx;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Commands;

/// <summary>The command table, and what all commands share: configuration, secrets, errors, exit codes (<see cref="AgentExit"/>).</summary>
internal static class AgentCommandLine
{
    // Past what `health.drainSeconds` may ask for; systemd's TimeoutStopSec is the last word.
    private static readonly TimeSpan DrainTime = TimeSpan.FromHours(2);

    private static readonly Option<string> Config = new("--config", "-c")
    {
        Description = "The configuration file; MLOPS_EDGE_… variables come before it.",
        DefaultValueFactory = _ => "agent.json",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON document.", Recursive = true };

    public static async Task<int> RunAsync(string[] arguments, AgentWorld world, TextWriter output, TextWriter error)
    {
        var root = Create(world, output, error);
        var parsed = root.Parse(arguments);
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = DrainTime,
        });
        return parsed.Errors.Count > 0 ? AgentExit.Usage : code;
    }

    /// <summary>All commands, one line each.</summary>
    internal static RootCommand Create(AgentWorld world, TextWriter output, TextWriter error)
    {
        var root = new RootCommand($"Keeps the models of a device what their channels say: fetches, verifies, proves, serves, and goes back when one misbehaves.\n{AgentExit.Help}");
        root.Options.Add(Config);
        root.Options.Add(Json);
        Add("run", "Serve, and follow the channels until stopped.", RunCommand.RunAsync, RunCommand.Service);
        Add("status", "Ask the running agent what is desired, installed, serving and in sync, and why.", StatusCommand.RunAsync, StatusCommand.Check);
        Add("pin", "Keep a model on one release, whatever its channel asks for.", (context, _) => PinCommand.RunAsync(context), PinCommand.Model, PinCommand.Release);
        Add("unpin", "Let the channel decide again.", (context, _) => OrderCommands.UnpinAsync(context), OrderCommands.Model);
        Add("pause", "Hold the updates of all models, or of one; what serves goes on serving.", (context, _) => OrderCommands.PauseAsync(context), OrderCommands.Model);
        Add("resume", "End a pause or a kill, or leave safe mode.", (context, _) => OrderCommands.ResumeAsync(context), OrderCommands.Model);
        Add("rollback", "Go back to the release before, once; its successor is refused until the channel changes.", (context, _) => OrderCommands.RollBackAsync(context), OrderCommands.Model);
        Add("kill", "Stop serving a model, at once, until `resume`.", (context, _) => OrderCommands.KillAsync(context), OrderCommands.Model);
        Add("import", "Take a bundle that was carried here (`mlops edge bundle`), verified as online.", ImportCommand.RunAsync, ImportCommand.Bundle);
        Add("doctor", "Check configuration, keys, clock, disk, runtime, network and journals, and say how to mend what is wrong.", DoctorCommand.RunAsync, DoctorCommand.ShowConfig, DoctorCommand.ShowSchema);
        Add("version", "Say the versions of agent, .NET and ONNX Runtime.", (context, _) => VersionCommand.RunAsync(context));
        root.Subcommands.Add(HostModelCommand.Create());
        return root;

        void Add(string name, string description, Func<CommandContext, CancellationToken, Task<int>> body, params Symbol[] parts)
        {
            var command = new Command(name, description);
            foreach (var part in parts)
            {
                if (part is Option option)
                    command.Options.Add(option);
                else
                    command.Arguments.Add((Argument)part);
            }

            command.SetAction((parsed, ct) => GuardAsync(name, parsed, body, world, output, error, ct));
            root.Subcommands.Add(command);
        }
    }

    private static async Task<int> GuardAsync(
        string name, ParseResult parsed, Func<CommandContext, CancellationToken, Task<int>> body, AgentWorld world, TextWriter output, TextWriter error, CancellationToken ct)
    {
        try
        {
            world = world with { Environment = SecretFiles.Read(world.Environment) };
            return await body(new CommandContext(world, parsed, parsed.GetValue(Config)!, parsed.GetValue(Json), output), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return AgentExit.Interrupted;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            var message = world.Mask.Clean(failure.Message);
            var refusal = (failure as ReleaseRefusedException)?.Code.Wire();
            await error.WriteLineAsync($"edge-agent: {(refusal is null ? "" : $"{refusal}: ")}{message}");
            if (parsed.GetValue(Json))
                await output.WriteLineAsync(JsonSerializer.Serialize(new CommandAnswer(name, false, message) { Code = refusal }, AgentJson.Default.CommandAnswer));
            return CodeOf(failure);
        }
    }

    private static int CodeOf(Exception failure) => failure switch
    {
        ReleaseRefusedException => AgentExit.Refused,
        NobodyAnswersException or Objects.FlashBudgetException or StorageUnavailableException or GitUnavailableException or HttpRequestException => AgentExit.Unavailable,
        _ => AgentExit.Error,
    };

    private static bool IsExpected(Exception error) =>
        error is EdgeAgentException or OnnxException or StorageException or GitException or ReleaseRefusedException or IOException or UnauthorizedAccessException or HttpRequestException;
}
