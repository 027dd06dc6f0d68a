using System.Text.Json;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Releases;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>The page as a browser shows it: whole in itself, at a phone's width, light and dark; the document beside it held to its schema.</summary>
public sealed class StatusPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_status_document_is_what_its_schema_says_whatever_the_models_are_doing()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        await world.PromoteAsync(TwoModels.First, "2.0.0", 2, golden: values => Array.ConvertAll(values, v => v + 1));
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Refusals.Count > 0);
        using var folder = new TemporaryFolder();
        var schema = RepositoryRoot.At("docs", "protocol", "schemas", "agent-status.schema.json");
        Assert.Equal("", JsonSchemas.Problems(schema, folder.Write("status.json", await agent.Http.GetStringAsync("/status"))));
        Assert.Equal("", JsonSchemas.Problems(schema, folder.Write("status.json", JsonSerializer.Serialize(Example(), AgentJson.Default.AgentStatus))));
        Assert.NotEqual("", JsonSchemas.Problems(schema, folder.Write("status.json", JsonSerializer.Serialize(Example(), AgentJson.Default.AgentStatus).Replace("\"inSync\":", "\"insync\":", StringComparison.Ordinal))));

        using var page = await agent.Http.GetAsync("/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(await Support.EventuallyAsync(async () => (await agent.Http.GetStringAsync("/")).Contains("<b>2.0.0</b> is wanted. golden-mismatch:", StringComparison.Ordinal)));
    }

    [Fact]
    public void In_a_terminal_no_line_is_longer_than_80_columns_but_for_words_that_are()
    {
        foreach (var line in (StatusText.Of(Example()) + StatusText.Of(StatusStates.All())).Split('\n'))
            Assert.True(line.Length <= 80 || !line.Trim()[2..].Contains(' ', StringComparison.Ordinal) || line.Split(' ').Max(w => w.Length) > 55, line);
        Assert.DoesNotContain('\u001b', StatusText.Of(StatusStates.All()));
    }

    [Fact]
    public void Words_from_outside_are_text_and_never_markup()
    {
        var page = StatusPage.Of(Example() with { Device = "<script>1</script>", Models = [Example().Models[0] with { WhyNot = "<img src=x>", InSync = false }] });
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, false, "status")]
    [InlineData(1000, true, "status")]
    [InlineData(360, false, "status")]
    [InlineData(1000, false, "states")]
    [InlineData(1000, true, "states")]
    [InlineData(360, true, "states")]
    public async Task A_browser_shows_it_without_a_network_a_complaint_or_a_line_that_is_cut(int width, bool dark, string what)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("status.html", StatusPage.Of(what == "states" ? StatusStates.All() : Example()));
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(file, width, what == "states" ? 7600 : 1500, dark);
        Assert.Equal([new Uri(file).AbsoluteUri], page.Requests.Where(r => !r.StartsWith("data:", StringComparison.Ordinal)));
        Assert.Empty(page.Complaints);
        Assert.True((await page.EvaluateAsync("document.documentElement.scrollWidth"))!.GetValue<int>() <= width);
        Assert.True((await page.EvaluateAsync("[...document.querySelectorAll('main *')].filter(e=>e.getBoundingClientRect().right>innerWidth+1).length"))!.GetValue<int>() == 0);
        Assert.Equal("", (await page.EvaluateAsync(Contrasts))!.GetValue<string>());

        // Looked at by whoever changes the page: see docs/guide/edge-agent.md.
        var pictures = RepositoryRoot.At("artifacts", "pictures");
        Directory.CreateDirectory(pictures);
        await File.WriteAllBytesAsync(Path.Combine(pictures, $"edge-{what}-{width}-{(dark ? "dark" : "light")}.png"), await page.PictureAsync());
    }

    // WCAG's contrast of every element that has text of its own, against the nearest background: at least 4.5.
    private const string Contrasts = """
        (()=>{const lum=c=>{const v=c.match(/[\d.]+/g).slice(0,3).map(x=>{x/=255;return x<=.03928?x/12.92:((x+.055)/1.055)**2.4});return .2126*v[0]+.7152*v[1]+.0722*v[2]};
        const back=e=>{for(;e;e=e.parentElement){const b=getComputedStyle(e).backgroundColor;if(b!=='rgba(0, 0, 0, 0)')return b}return 'rgb(255, 255, 255)'};
        return [...document.querySelectorAll('main *')].filter(e=>[...e.childNodes].some(n=>n.nodeType===3&&n.textContent.trim())).map(e=>{const a=lum(getComputedStyle(e).color),b=lum(back(e));
        return {e,r:(Math.max(a,b)+.05)/(Math.min(a,b)+.05)}}).filter(x=>x.r<4.5).map(x=>x.e.tagName+' '+x.e.textContent.slice(0,20)+' '+x.r.toFixed(2)).join('; ')})()
        """;

    private static AgentStatus Example()
    {
        var (old, next) = (new string('a', 64).Replace("aaaa", "3f0c", StringComparison.Ordinal), new string('b', 64).Replace("bbbb", "91d2", StringComparison.Ordinal));
        return new AgentStatus
        {
            Device = "substation-17", Environment = "production", Version = "1.0.0", OnnxRuntime = "1.30.0", StartedAt = Now.AddDays(-19), Now = Now, ResidentBytes = 71L << 20, TelemetryQueued = 2,
            TelemetryError = "the mailbox https://telemetry.example.org/box does not answer: connection refused",
            Models =
            [
                new ModelStatus
                {
                    Name = "energy-load", State = AgentState.Idle, StateInWords = "waiting for the channel to change", InSync = true, Desired = new ReleaseStatus(old, "4.2.0", 31, old), Installed = new ReleaseStatus(old, "4.2.0", 31, old),
                    Serving = new ServingStatus
                    {
                        Release = old, Version = "4.2.0", ModelSha256 = next, Since = Now.AddDays(-6).AddHours(-3), Provider = "CPU", Requests = 1_284_301, Errors = 2, P50Ms = 0.412, P95Ms = 0.981,
                        Proof = new GateProof(Now.AddDays(-6), 8, 1.9e-6, 0.71, 9L << 20),
                    },
                    LastKnownGood = old, SequenceFloor = 31, SourceSeen = Now.AddSeconds(-41),
                    Events =
                    [
                        new AgentEvent(Now.AddDays(-6).AddHours(-3).AddMinutes(-1), TelemetryEventKind.State, "fetched 4.2.0: 2 files, 3.1 MB"),
                        new AgentEvent(Now.AddDays(-6).AddHours(-3), TelemetryEventKind.Swap, "swapped to 4.2.0 in 0.8 ms; 0 requests failed", null, old, "4.2.0"),
                        new AgentEvent(Now.AddDays(-6).AddHours(-3).AddMinutes(5), TelemetryEventKind.State, "4.2.0 has soaked: it is the last known good", null, old, "4.2.0"),
                    ],
                },
                new ModelStatus
                {
                    Name = "transformer-anomaly", State = AgentState.Quarantined, StateInWords = "refused what the channel asks for; waiting for it to change", Desired = new ReleaseStatus(next, "2.1.0", 9, next), Installed = new ReleaseStatus(next, "2.1.0", 9, next),
                    WhyNot = "golden-mismatch: output `score` differs by 0.31 at [2, 0]; 0.0001 is allowed", LastKnownGood = old, SequenceFloor = 8, SourceSeen = Now.AddSeconds(-12),
                    Serving = new ServingStatus { Release = old, Version = "2.0.3", ModelSha256 = old, Since = Now.AddDays(-40), Provider = "CPU", ProviderFallback = "TensorRT is not in this library" },
                    Refusals = [new QuarantineEntry(next, "2.1.0", old, 9, "golden-mismatch", "output `score` differs by 0.31 at [2, 0]; 0.0001 is allowed", Now.AddMinutes(-17))],
                    Events = [new AgentEvent(Now.AddMinutes(-17), TelemetryEventKind.Refusal, "refused 2.1.0: output `score` differs by 0.31 at [2, 0]; 0.0001 is allowed", "golden-mismatch", next, "2.1.0")],
                },
                new ModelStatus { Name = "line-icing", State = AgentState.Fetch, StateInWords = "fetching 0.9.0", Desired = new ReleaseStatus(next, "0.9.0", 1, next), WhyNot = "the update is under way", SourceSeen = Now.AddSeconds(-3) },
            ],
        };
    }
}
