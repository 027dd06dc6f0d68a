using System.Globalization;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Status;
using Ci.Releases;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// One line per event on standard output: for people, for journald (which takes the priority from the line's head), or as JSON. Every line goes
/// through the mask: messages quote addresses, and addresses may hold secrets.
/// </summary>
internal sealed class AgentLog(TextWriter writer, TimeProvider time, SecretMask mask, string format)
{
    private readonly Lock gate = new();

    /// <summary>The format that <see cref="LogSettings.Auto"/> means here.</summary>
    public static string FormatOf(LogSettings settings, AgentWorld world) => settings.Format != LogSettings.Auto
        ? settings.Format
        : world.LogTakesPriority || world.Environment.GetValueOrDefault("JOURNAL_STREAM", "").Length > 0 ? LogSettings.Journald : LogSettings.Text;

    public void Write(string model, AgentEvent happened) => Put(new LogLine("", "", happened.Message)
    {
        Model = model,
        Kind = happened.Kind,
        Code = happened.Code,
        Release = happened.Release,
        Version = happened.Version,
        Priority = happened.Kind switch
        {
            TelemetryEventKind.Refusal => LogLevel.Warning,
            TelemetryEventKind.Rollback => LogLevel.Warning,
            TelemetryEventKind.Swap => LogLevel.Notice,
            _ => LogLevel.Information,
        },
    });

    public void Line(string text, LogLevel level = LogLevel.Information) => Put(new LogLine("", "", text) { Priority = level });

    private void Put(LogLine line)
    {
        var now = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ}");
        var message = new string([.. mask.Clean(line.Message).Select(c => char.IsControl(c) ? ' ' : c)]);
        var text = $"{(line.Model is { } model ? model + ": " : "")}{message}{(line.Code is { } code ? $" [{code}]" : "")}";
        var whole = format switch
        {
            LogSettings.Json => JsonSerializer.Serialize(line with { At = now, Level = Word(line.Priority), Message = message }, AgentJson.Default.LogLine),
            LogSettings.Journald => string.Create(CultureInfo.InvariantCulture, $"<{(int)line.Priority}>{text}"), // The journal has the time itself.
            _ => $"{now} {text}",
        };
        lock (gate)
            writer.WriteLine(whole);
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Notice => "notice",
        _ => "information",
    };
}
