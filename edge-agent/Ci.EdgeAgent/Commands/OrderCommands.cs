using System.CommandLine;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Commands;

/// <summary>What an operator may ask of the agent, running or not: written to disk here, heeded by the agent within a second, or when it next starts.</summary>
internal static class OrderCommands
{
    public static readonly Argument<string?> Model = new("model") { Description = "Which model; may be left out where the agent has one.", Arity = ArgumentArity.ZeroOrOne };

    public static Task<int> PauseAsync(CommandContext context)
    {
        var (configuration, control, model) = ForOneOrAll(context);
        control.Pause(context.World.Time.GetUtcNow(), model);
        return context.SayAsync(new CommandAnswer("pause", true, $"updates of {model ?? Names(configuration)} are held until `edge-agent resume`; what serves goes on serving") { Model = model });
    }

    public static Task<int> ResumeAsync(CommandContext context)
    {
        var (configuration, control, model) = ForOneOrAll(context);
        control.Resume(context.World.Time.GetUtcNow(), model);
        var still = model is not null && control.AllPaused ? "; all models are paused, too: `edge-agent resume` without a name ends that" : "";
        return context.SayAsync(new CommandAnswer("resume", true, $"updates of {model ?? Names(configuration)} go on{still}") { Model = model });
    }

    public static Task<int> UnpinAsync(CommandContext context)
    {
        var (_, control, model) = ForOne(context);
        control.Unpin(model);
        return context.SayAsync(new CommandAnswer("unpin", true, $"{model} follows its channel again") { Model = model });
    }

    public static Task<int> RollBackAsync(CommandContext context)
    {
        var (_, control, model) = ForOne(context);
        if (ModelFolder.Pointer(context.World.Files, context.Configuration().Data, model) is not { Current: not null })
            throw new EdgeAgentException($"{model} serves nothing on this device: there is nothing to go back from");
        control.Rollback(model, context.World.Time.GetUtcNow());
        return context.SayAsync(new CommandAnswer("rollback", true, $"{model} goes back to the release before; `edge-agent status` tells when") { Model = model });
    }

    public static Task<int> KillAsync(CommandContext context)
    {
        var (_, control, model) = ForOne(context);
        control.Kill(model, context.World.Time.GetUtcNow());
        return context.SayAsync(new CommandAnswer("kill", true, $"{model} stops serving; requests are answered 503 until `edge-agent resume {model}`") { Model = model });
    }

    private static (AgentConfiguration Configuration, AgentControl Control, string Model) ForOne(CommandContext context)
    {
        var configuration = context.Configuration();
        return (configuration, CommandContext.ControlOf(configuration, context.World), CommandContext.ModelOf(configuration, context.Parsed.GetValue(Model)));
    }

    private static (AgentConfiguration Configuration, AgentControl Control, string? Model) ForOneOrAll(CommandContext context)
    {
        var configuration = context.Configuration();
        var named = context.Parsed.GetValue(Model);
        return (configuration, CommandContext.ControlOf(configuration, context.World), named is null ? null : CommandContext.ModelOf(configuration, named));
    }

    private static string Names(AgentConfiguration configuration) => string.Join(", ", configuration.Models);
}
