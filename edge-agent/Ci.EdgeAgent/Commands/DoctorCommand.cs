using System.CommandLine;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Doctor;

namespace Ci.EdgeAgent.Commands;

internal static class DoctorCommand
{
    public static readonly Option<bool> ShowConfig = new("--show-config") { Description = "Show the effective configuration instead, secrets masked." };

    public static readonly Option<bool> ShowSchema = new("--show-schema") { Description = "Write the JSON Schema of agent.json instead." };

    public static async Task<int> RunAsync(CommandContext context, CancellationToken ct)
    {
        if (context.Parsed.GetValue(ShowSchema))
        {
            await context.Output.WriteLineAsync(ConfigurationSchema.Text());
            return AgentExit.Ok;
        }

        return context.Parsed.GetValue(ShowConfig) ? await ShowAsync(context) : await ExamineAsync(context, ct);
    }

    private static async Task<int> ExamineAsync(CommandContext context, CancellationToken ct)
    {
        var report = await Examination.RunAsync(context.ConfigPath, context.World, ct);
        if (context.Json)
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, AgentJson.Default.DoctorReport));
        else
            await WriteAsync(context.Output, report);
        return report.Worst switch { Health.Ok => AgentExit.Ok, Health.Warn => AgentExit.Doubtful, _ => AgentExit.Bad };
    }

    private static async Task WriteAsync(TextWriter output, DoctorReport report)
    {
        foreach (var finding in report.Findings)
        {
            var word = finding.Health switch { Health.Ok => "ok  ", Health.Warn => "warn", _ => "FAIL" };
            await output.WriteLineAsync($"{word}  {finding.Check}: {OneLine(finding.Message)}");
            if (finding.Fix is { } fix)
                await output.WriteLineAsync($"      fix: {fix}");
        }

        var (failed, warned) = (report.Findings.Count(f => f.Health == Health.Fail), report.Findings.Count(f => f.Health == Health.Warn));
        await output.WriteLineAsync(failed + warned == 0 ? "all is well" : $"{failed} failed, {warned} warned");
    }

    private static async Task<int> ShowAsync(CommandContext context)
    {
        var (_, settings) = AgentConfigurationFile.ReadAll(context.ConfigPath, context.World.Environment);
        var shown = ShownConfiguration.Of(context.ConfigPath, settings, context.World.Mask);
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(shown, AgentJson.Default.ShownConfiguration));
            return AgentExit.Ok;
        }

        await context.Output.WriteLineAsync($"{shown.File}, after the environment:");
        foreach (var setting in shown.Settings)
            await context.Output.WriteLineAsync($"  {setting.Path} = {OneLine(setting.Value ?? "(not set)")}    ({setting.From}; {setting.Variable})");
        return AgentExit.Ok;
    }

    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
