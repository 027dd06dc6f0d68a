using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.States;
using Ci.Releases;

namespace Ci.EdgeAgent.Status;

/// <summary>The device page: what is serving, since when, proven how; what is wanted and why it is not there; the last events in words.</summary>
internal static class StatusPage
{
    public static string Of(AgentStatus status)
    {
        var page = new StringBuilder(16_384);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><link rel=\"icon\" href=\"data:,\">");
        page.Append(CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"10\"><title>{Text(status.Device)}: {Text(StatusLine.Of(status))}</title><style>{StatusPageStyle.Css}</style></head><body><main>");
        page.Append(CultureInfo.InvariantCulture, $"<header><h1>{Text(status.Device)}</h1><span class=\"soft\">{Text(status.Environment)}</span></header>");
        foreach (var model in status.Models)
            Model(page, model, status.Now);
        page.Append(CultureInfo.InvariantCulture, $"<footer><p>edge-agent {Text(status.Version)}, ONNX Runtime {Text(status.OnnxRuntime)}, up {StatusWords.Span(status.Now - status.StartedAt)}, {status.ResidentBytes / 1048576.0:F0} MB of memory{(status.Isolation == SwapSettings.Child ? " beside its models, each of which has a process of its own" : "")}. All times are UTC; it is {Time(status.Now)}.</p>");
        if (status.TelemetryQueued > 0 || status.TelemetryError is not null)
            page.Append(CultureInfo.InvariantCulture, $"<p>{status.TelemetryQueued} telemetry {(status.TelemetryQueued == 1 ? "batch waits" : "batches wait")} on this device{(status.TelemetryError is { } error ? ": " + Text(error) : "")}.</p>");
        page.Append("<p><a href=\"/status\">Status as JSON</a> · <a href=\"/metrics\">Metrics</a> · <a href=\"/v2\">Inference protocol</a></p></footer></main></body></html>");
        return page.ToString();
    }

    private static void Model(StringBuilder page, ModelStatus model, DateTimeOffset now)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"card\"><div class=\"top\"><h2>{Text(model.Name)}</h2>{Pill(model)}</div>");
        if (model.Serving is { } serving)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"lead\">Serving {Text(serving.Version)}</p>");
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"under\">for {StatusWords.Span(now - serving.Since)}, since {Time(serving.Since)}</p>");
        }
        else
        {
            page.Append(model.State == AgentState.Killed ? "<p class=\"lead\">Stopped</p>" : "<p class=\"lead\">Nothing serves</p>");
        }

        if (!model.InSync)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"why {(IsBad(model) ? "bad" : "")}\">{Wanted(model)}{Text(Sentence(model.WhyNot ?? ""))}</p>");
        Steps(page, model);
        Facts(page, model, now);
        if (model.Refusals.Count > 0)
            Refusals(page, model.Refusals);
        Events(page, model.Events);
        page.Append("</section>");
    }

    private static string Pill(ModelStatus model) => model switch
    {
        { InSync: true } => "<span class=\"pill good\">in sync</span>",
        _ => $"<span class=\"pill{(IsBad(model) ? " bad" : "")}\">{Brief(model)}</span>",
    };

    private static string Brief(ModelStatus model) => model.State switch
    {
        AgentState.Killed => "stopped",
        AgentState.SafeMode => "safe mode",
        AgentState.Quarantined => "update refused",
        AgentState.RollingBack => "going back",
        AgentState.Paused => "paused",
        AgentState.Shadow => "in the shadow",
        AgentState.Canary => "canary",
        AgentState.Soak => "being watched",
        AgentState.Plan or AgentState.Fetch or AgentState.Verify or AgentState.Load or AgentState.Gate or AgentState.Commit => "updating",
        _ => model.Serving is null ? "not serving" : "not in sync yet",
    };

    private static bool IsBad(ModelStatus model) => model.Serving is null || model.State is AgentState.SafeMode or AgentState.Quarantined or AgentState.RollingBack;

    // Four different things, in the order in which a release goes through them.
    private static void Steps(StringBuilder page, ModelStatus model)
    {
        var desired = model.Desired;
        var (installed, serves) = (desired is not null && model.Installed?.Release == desired.Release, desired is not null && model.Serving?.Release == desired.Release);
        page.Append("<ol class=\"steps\">");
        Step(page, "Desired", desired is null ? "not known yet" : Name(desired), desired is not null);
        Step(page, "Installed", model.Installed is { } i ? Name(i) : "nothing", installed);
        Step(page, "Serving", model.Serving?.Version ?? "nothing", serves);
        Step(page, "In sync", model.InSync ? "yes: it has soaked" : "no", model.InSync);
        page.Append("</ol>");
    }

    private static void Step(StringBuilder page, string name, string what, bool done) =>
        page.Append(CultureInfo.InvariantCulture, $"<li{(done ? " class=\"yes\"" : "")}><b>{name}{(done ? " ✓" : "")}</b><span>{Text(what)}</span></li>");

    private static string Name(ReleaseStatus release) => release.Version ?? release.Release[..12];

    private static void Facts(StringBuilder page, ModelStatus model, DateTimeOffset now)
    {
        page.Append("<dl>");
        if (model.Serving is { } serving)
        {
            Row(page, "Proven", Text(Sentence(StatusWords.Proof(serving))));
            Row(page, "Release", $"<code>{serving.Release[..12]}</code>, model file <code>{serving.ModelSha256[..12]}</code>");
            Row(page, "Requests", serving.Requests == 0 ? "None yet." : $"{serving.Requests.ToString("N0", CultureInfo.InvariantCulture)}, {serving.Errors.ToString("N0", CultureInfo.InvariantCulture)} failed{Latency(serving)}");
            Row(page, "Runs on", Text(serving.Provider) + (serving.ProviderFallback is { } why ? $" ({Text(why)})" : ""));
        }

        Row(page, "Now", Text(Sentence(model.StateInWords)));
        Row(page, "Channel", model.SourceSeen is { } seen ? $"Answered {StatusWords.Span(now - seen)} ago{(model.SourceError is { } e ? "; then: " + Text(e) : ".")}" : model.SourceError is { } error ? Text(error) : "Has not answered yet.");
        Row(page, "Known good", model.LastKnownGood is { } good ? (good == model.Serving?.Release ? "What serves: it has soaked." : $"<code>{good[..12]}</code>: it serves again when something goes wrong.") : "Nothing yet: no release has soaked here.");
        page.Append("</dl>");
    }

    private static string Latency(ServingStatus serving) =>
        serving is { P50Ms: { } p50, P95Ms: { } p95 } ? string.Create(CultureInfo.InvariantCulture, $"; half within {p50:G3} ms, 95 % within {p95:G3} ms") : "";

    private static void Refusals(StringBuilder page, IReadOnlyList<QuarantineEntry> refusals)
    {
        page.Append("<h3>Refused</h3><ol class=\"log\">");
        foreach (var refusal in refusals.Reverse())
            page.Append(CultureInfo.InvariantCulture, $"<li><time>{Time(refusal.At)}</time><span><b>{Text(refusal.Version.Length > 0 ? refusal.Version : "channel")}</b> <code class=\"mark bad\">{Text(refusal.Code)}</code><br>{Text(Sentence(refusal.Reason))}</span></li>");
        page.Append("</ol>");
    }

    private static void Events(StringBuilder page, IReadOnlyList<AgentEvent> events)
    {
        page.Append("<h3>Last events</h3><ol class=\"log\">");
        foreach (var happened in events.Reverse())
            page.Append(CultureInfo.InvariantCulture, $"<li><time>{Time(happened.At)}</time><span>{Mark(happened)}{Text(Sentence(happened.Message))}</span></li>");
        page.Append(events.Count == 0 ? "<li><span class=\"soft\">None yet.</span></li></ol>" : "</ol>");
    }

    private static string Mark(AgentEvent happened) => happened.Kind switch
    {
        TelemetryEventKind.Swap => "<span class=\"mark good\">Swap.</span> ",
        TelemetryEventKind.Refusal => "<span class=\"mark bad\">Refusal.</span> ",
        TelemetryEventKind.Rollback => "<span class=\"mark bad\">Rollback.</span> ",
        _ => "",
    };

    private static string Wanted(ModelStatus model) =>
        model.Desired is { } desired && desired.Release != model.Serving?.Release ? $"<b>{Text(Name(desired))}</b> is wanted. " : "";

    private static string Sentence(string words)
    {
        if (words.Length == 0)
            return "";
        var first = words.Split(' ')[0]; // A refusal's code is a name and stays as it is.
        return (first.EndsWith(':') && first.Contains('-', StringComparison.Ordinal) ? words : char.ToUpperInvariant(words[0]) + words[1..]) + (words[^1] is '.' or '?' or '!' or '…' ? "" : ".");
    }

    private static void Row(StringBuilder page, string name, string html) => page.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{html}</dd>");

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);
}
