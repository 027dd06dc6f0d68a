using System.Globalization;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Hosting;

/// <summary>One plain line per event on standard output: time, model, words. Configuration and secrets never pass through here.</summary>
internal sealed class AgentLog(TextWriter writer, TimeProvider time)
{
    private readonly Lock gate = new();

    public void Write(string model, AgentEvent happened) =>
        Line($"{model}: {happened.Message}{(happened.Code is { } code ? $" [{code}]" : "")}");

    public void Line(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        lock (gate)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {line}"));
    }
}
