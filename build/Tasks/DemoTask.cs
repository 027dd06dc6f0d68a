using System.CommandLine;
using System.Text.Json;
using Ci.Build.Demo;

namespace Ci.Build.Tasks;

/// <summary>Plays the whole loop on real data with the published binaries, and leaves artifacts/demo.</summary>
internal sealed class DemoTask : IBuildTask
{
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the agent running and say how to ask it for a forecast." };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Name => "demo";

    public string Summary => "Play the whole loop, from a CSV file to a device that serves, refuses and reports.";

    public IReadOnlyList<Option> Options => [Keep];

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        BuildContext.Say("demo: building the binaries (the first time takes a minute or two)");
        await PublishTask.EnsureAsync(context, cancellation);
        return await PlayAsync(context, arguments.GetValue(Keep), cancellation);
    }

    /// <summary>The play alone, on binaries that are published already.</summary>
    public static async Task<int> PlayAsync(BuildContext context, bool keep, CancellationToken cancellation)
    {
        var output = Path.Combine(context.Artifacts, "demo");
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
        Directory.CreateDirectory(output);
        var clock = new DemoClock();
        await using var world = await DemoWorld.CreateAsync(context, Path.Combine(output, "work"));
        var play = new DemoPlay(world, clock, output);
        try
        {
            await play.RunAsync();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"demo: {error.Message}");
        }

        await File.WriteAllTextAsync(Path.Combine(output, "timeline.md"), Timeline.Of(clock), cancellation);
        await File.WriteAllTextAsync(Path.Combine(output, "summary.json"), play.Result.Summary(clock).ToJsonString(Indented), cancellation);
        try
        {
            Close(clock, play, output, context);
            if (keep && clock.Ok && play.Agent is { } agent)
                await KeepAsync(agent, Path.Combine(output, "question.json"), play.Question, cancellation);
        }
        finally
        {
            if (play.Agent is not null)
                await play.Agent.DisposeAsync();
        }

        return clock.Ok ? 0 : 1;
    }

    private static void Close(DemoClock clock, DemoPlay play, string output, BuildContext context)
    {
        var swap = play.Result.Swap;
        BuildContext.Say("");
        BuildContext.Say(clock.Ok
            ? $"The loop held: {clock.Steps.Count} steps in {clock.Seconds:F0} s. v2 serves; {swap["requests"]} requests during its swap, {swap["failed"]} failed; {play.Result.Refusals.Count} bad releases refused."
            : $"The loop did not hold: step {clock.Steps.Count} failed after {clock.Seconds:F0} s.");
        BuildContext.Say($"Look at {Path.GetRelativePath(context.Root, output)}/: comment.md, report.html, timeline.md, summary.json");
    }

    private static async Task KeepAsync(AgentProcess agent, string questionFile, string question, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(questionFile, question, cancellation);
        agent.Kept = true;
        BuildContext.Say($"The agent goes on serving; its page is {agent.Address}. Ask it for a forecast:");
        BuildContext.Say($"  curl -s {agent.At($"/v2/models/{DemoWorld.Model}/infer")} -H 'Content-Type: application/json' -d @{questionFile}");
        BuildContext.Say($"End it with: kill {agent.Id}");
    }
}
