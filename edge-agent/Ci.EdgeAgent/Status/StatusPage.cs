using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Ci.EdgeAgent.Status;

/// <summary>The device page: what is serving, since when, proven how; what is wanted and why it is not there; the last events in words.</summary>
internal static class StatusPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#5d6672;--line:#d9dee5;--card:#fff;--page:#f4f6f8;--good:#17663a;--bad:#a3262a;--accent:#1f5fbf}
        @media(prefers-color-scheme:dark){:root{--ink:#e8ebef;--soft:#9aa4b0;--line:#2d343d;--card:#181c21;--page:#0f1215;--good:#6cc38c;--bad:#ff8d86;--accent:#86b4ff}}
        *{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:46rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:1.3rem;margin:0}h2{font-size:1.15rem;margin:0}h3{font-size:.8rem;letter-spacing:.05em;text-transform:uppercase;color:var(--soft);margin:1.4rem 0 .4rem}
        .soft{color:var(--soft)}.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem;margin-top:1.25rem}
        .lead{font-size:1.35rem;font-weight:600;margin:.4rem 0 0;line-height:1.3}.good{color:var(--good)}.bad{color:var(--bad)}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.8rem 0 0}dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
        code{font:0.88em ui-monospace,monospace}ol{list-style:none;margin:0;padding:0}li{display:grid;grid-template-columns:8.2rem 1fr;gap:.8rem;padding:.3rem 0;border-top:1px solid var(--line)}li:first-child{border-top:0}
        time{color:var(--soft);font-variant-numeric:tabular-nums}a{color:var(--accent)}@media(max-width:34rem){li{grid-template-columns:1fr;gap:0}dl{grid-template-columns:1fr;gap:0}dt{margin-top:.4rem}}
        """;

    public static string Of(AgentStatus status)
    {
        var page = new StringBuilder(8192);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        page.Append(CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"10\"><title>{Text(status.Device)}</title><style>{Style}</style></head><body><main>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(status.Device)}</h1><div class=\"soft\">{Text(status.Environment)} · up {Span(status.Now - status.StartedAt)} · edge-agent {Text(status.Version)} · ONNX Runtime {Text(status.OnnxRuntime)} · {Bytes(status.ResidentBytes)}</div>");
        foreach (var model in status.Models)
            Model(page, model, status.Now);
        if (status.TelemetryError is { } error)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{status.TelemetryQueued} telemetry batches wait on this device: {Text(error)}</p>");
        page.Append("<p class=\"soft\"><a href=\"/status\">status as JSON</a> · <a href=\"/metrics\">metrics</a> · <a href=\"/v2\">inference protocol</a></p></main></body></html>");
        return page.ToString();
    }

    private static void Model(StringBuilder page, ModelStatus model, DateTimeOffset now)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"card\"><h2>{Text(model.Name)}</h2>");
        if (model.Serving is { } serving)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"lead {(model.InSync ? "good" : "")}\">Serving {Text(serving.Version)}{(model.InSync ? ", in sync" : "")}</p>");
        else
            page.Append("<p class=\"lead bad\">Nothing serves</p>");
        if (!model.InSync)
            page.Append(CultureInfo.InvariantCulture, $"<p>{Wanted(model)}{Text(model.WhyNot ?? "")}</p>");
        page.Append("<dl>");
        if (model.Serving is { } current)
            Serving(page, current, now);
        Row(page, "Now", Text(model.StateInWords));
        Row(page, "Channel", model.SourceSeen is { } seen ? $"answered {Span(now - seen)} ago{(model.SourceError is { } e ? "; then: " + Text(e) : "")}" : "has not answered yet");
        Row(page, "Last known good", model.LastKnownGood is { } good ? $"<code>{good[..12]}</code>" : "none yet");
        page.Append("</dl>");
        if (model.Refusals.Count > 0)
        {
            page.Append("<h3>Refused</h3><ol>");
            foreach (var refusal in model.Refusals.Reverse())
                page.Append(CultureInfo.InvariantCulture, $"<li><time>{Time(refusal.At)}</time><span><b>{Text(refusal.Version.Length > 0 ? refusal.Version : "channel")}</b> <code class=\"bad\">{Text(refusal.Code)}</code><br>{Text(refusal.Reason)}</span></li>");
            page.Append("</ol>");
        }

        page.Append("<h3>Last events</h3><ol>");
        foreach (var happened in model.Events.Reverse())
            page.Append(CultureInfo.InvariantCulture, $"<li><time>{Time(happened.At)}</time><span>{Text(happened.Message)}</span></li>");
        page.Append("</ol></section>");
    }

    private static void Serving(StringBuilder page, ServingStatus serving, DateTimeOffset now)
    {
        Row(page, "Since", $"{Time(serving.Since)} ({Span(now - serving.Since)})");
        Row(page, "Release", $"<code>{serving.Release[..12]}</code> · model file <code>{serving.ModelSha256[..12]}</code>");
        Row(page, "Proven", serving.Proof is { } proof
            ? $"{proof.Outputs} golden {(proof.Outputs == 1 ? "output" : "outputs")} reproduced here, largest difference {proof.LargestDifference:G2}; p95 {proof.P95Ms:G3} ms; {Bytes(proof.MemoryBytes)}"
            : "signature, digests and golden set checked again when the agent started");
        Row(page, "Requests", serving.Requests == 0 ? "none yet" : $"{serving.Requests:N0}, {serving.Errors:N0} failed; p50 {serving.P50Ms:G3} ms, p95 {serving.P95Ms:G3} ms");
        Row(page, "Runs on", Text(serving.Provider) + (serving.ProviderFallback is { } why ? $" ({Text(why)})" : ""));
    }

    private static string Wanted(ModelStatus model) =>
        model.Desired is { } desired && desired.Release != model.Serving?.Release ? $"Wanted: <b>{Text(desired.Version ?? desired.Release[..12])}</b>. " : "";

    private static void Row(StringBuilder page, string name, string html) => page.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{html}</dd>");

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => $"{bytes / 1048576.0:F0} MB";

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalMinutes: < 90 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} days",
    };
}
