using System.Globalization;
using System.Text;

namespace Ci.EdgeAgent.Status;

/// <summary>The status for a terminal: what serves first, then desired, installed, serving and in sync, each with its reason.</summary>
internal static class StatusText
{
    private const int Width = 80;
    private const string Indent = "            ";

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
            Lines(text, $"  {happened.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  ", happened.Message);
    }

    private static void Row(StringBuilder text, string name, string value) => Lines(text, $"  {name,-10}", value);

    // Narrow enough for any terminal and for a mail; a word that is longer, such as an address, stays whole so that it can be copied.
    private static void Lines(StringBuilder text, string head, string value)
    {
        text.Append(head);
        var column = head.Length;
        foreach (var word in Plain(value).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var fresh = column == head.Length || column == Indent.Length;
            if (!fresh && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(Indent);
                column = Indent.Length;
                fresh = true;
            }

            text.Append(fresh ? "" : " ").Append(word);
            column += word.Length + (fresh ? 0 : 1);
        }

        text.Append('\n');
    }

    // A terminal obeys control characters, and some of these words came from outside.
    private static string Plain(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
