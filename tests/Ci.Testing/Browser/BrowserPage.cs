using System.Text.Json.Nodes;

namespace Ci.Testing;

/// <summary>A page that is open in a <see cref="Browser"/>.</summary>
public sealed class BrowserPage
{
    private readonly Browser browser;
    private readonly string session;
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> requests = [];
    private readonly List<string> complaints = [];

    internal BrowserPage(Browser browser, string session)
    {
        (this.browser, this.session) = (browser, session);
        browser.Heard += this.Hear;
    }

    /// <summary>Addresses that the page asked for, itself among them.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (this.requests)
                return [.. this.requests];
        }
    }

    /// <summary>What the console said: errors of scripts, and what the content security policy stopped.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (this.complaints)
                return [.. this.complaints];
        }
    }

    /// <summary>The value of an expression, as JSON.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await this.SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } error ? throw new InvalidOperationException(error.ToJsonString()) : answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>Presses a key such as Tab, Enter or ArrowRight.</summary>
    public async Task PressAsync(string key)
    {
        var code = key switch { "Enter" => 13, "Tab" => 9, "ArrowRight" => 39, "ArrowLeft" => 37, "Escape" => 27, _ => 0 };
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
            if (key == "Enter" && type == "keyDown")
                press["text"] = "\r";
            await this.SendAsync("Input.dispatchKeyEvent", press);
        }
    }

    public Task PointAtAsync(double x, double y) => this.SendAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = x, ["y"] = y });

    /// <summary>A picture of what is seen, in PNG.</summary>
    public async Task<byte[]> PictureAsync() =>
        Convert.FromBase64String((await this.SendAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }))["data"]!.GetValue<string>());

    internal async Task LoadAsync(string file, int width, int height, bool dark, bool print)
    {
        foreach (var domain in (string[])["Page", "Runtime", "Network", "Log"])
            await this.SendAsync($"{domain}.enable", []);
        await this.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await this.SendAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["media"] = print ? "print" : "screen",
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
        await this.SendAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await this.loaded.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private Task<JsonObject> SendAsync(string method, JsonObject parameters) => this.browser.SendAsync(method, parameters, this.session);

    private void Hear(string from, string method, JsonObject what)
    {
        if (from != this.session)
            return;
        switch (method)
        {
            case "Page.loadEventFired":
                this.loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                lock (this.requests)
                    this.requests.Add(what["request"]!["url"]!.GetValue<string>());
                break;
            case "Runtime.exceptionThrown":
            case "Log.entryAdded":
                lock (this.complaints)
                    this.complaints.Add(what.ToJsonString());
                break;
            default:
                break;
        }
    }
}
