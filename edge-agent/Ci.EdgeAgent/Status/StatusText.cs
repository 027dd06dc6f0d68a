using System.Globalization;
using System.Text;

namespace Ci.EdgeAgent.Status;

/// <summary>The status for a terminal: what serves first, then desired, installed, serving and in sync, each with its reason.</summary>
internal static class StatusText
{
    public static string Of(AgentStatus status)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{status.Device} ({status.Environment}), edge-agent {status.Version}, ONNX Runtime {status.OnnxRuntime}, up {StatusWords.Span(status.Now - status.StartedAt)}\n");
        foreach (var model in status.Models)
            Model(text, model, status.Now);
        return text.ToString();
    }

    private static void Model(StringBuilder text, ModelStatus model, DateTimeOffset now)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{model.Name}: {StatusWords.Headline(model)}\n");
        Row(text, "desired", model.Desired is { } d ? $"{d.Version ?? d.Release[..12]} (sequence {d.Sequence})" : "unknown: the channel has not answered yet");
        Row(text, "installed", model.Installed is { } i ? $"{i.Version ?? i.Release[..12]}, verified on this disk" : "nothing");
        Row(text, "serving", model.Serving is { } s ? $"{s.Version} since {s.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({StatusWords.Span(now - s.Since)}) on {s.Provider}; {StatusWords.Proof(s)}" : "nothing");
        Row(text, "in sync", model.InSync ? "yes" : $"no: {model.WhyNot}");
        Row(text, "now", model.StateInWords);
        if (model.SourceError is { } error)
            Row(text, "source", error);
        foreach (var refusal in model.Refusals)
            Row(text, "refused", $"{(refusal.Version.Length > 0 ? refusal.Version : "channel")} [{refusal.Code}] {refusal.Reason}");
        foreach (var happened in model.Events)
            text.Append(CultureInfo.InvariantCulture, $"  {happened.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {Plain(happened.Message)}\n");
    }

    private static void Row(StringBuilder text, string name, string value) => text.Append(CultureInfo.InvariantCulture, $"  {name,-10}{Plain(value)}\n");

    // A terminal obeys control characters, and some of these words came from outside.
    private static string Plain(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
