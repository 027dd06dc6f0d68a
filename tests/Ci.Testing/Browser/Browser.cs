using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Ci.Testing;

/// <summary>
/// A headless Chromium, spoken to in its own DevTools protocol: opens files at any width, light, dark or for print, and keeps account of
/// every request that a page makes. Needs Debian's chromium, which `build -- setup` installs.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly DirectoryInfo profile = Directory.CreateTempSubdirectory("mlops-browser-");
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> waiting = new();
    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim sending = new(1);
    private readonly CancellationTokenSource end = new();
    private Process? process;
    private int last;

    private Browser()
    {
    }

    internal event Action<string, string, JsonObject>? Heard;

    public static async Task<Browser> StartAsync()
    {
        var browser = new Browser();
        try
        {
            await browser.LaunchAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens an HTML file and waits until it is loaded.</summary>
    public async Task<BrowserPage> OpenAsync(string file, int width = 1280, int height = 900, bool dark = false, bool print = false)
    {
        var target = (await this.SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, null))["targetId"]!.GetValue<string>();
        var session = (await this.SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }, null))["sessionId"]!.GetValue<string>();
        var page = new BrowserPage(this, session);
        await page.LoadAsync(file, width, height, dark, print);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await this.end.CancelAsync();
        this.socket.Dispose();
        if (this.process is { HasExited: false })
        {
            this.process.Kill(entireProcessTree: true);
            await this.process.WaitForExitAsync();
        }

        this.process?.Dispose();
        this.sending.Dispose();
        this.end.Dispose();
        this.profile.Delete(recursive: true);
    }

    internal async Task<JsonObject> SendAsync(string method, JsonObject parameters, string? session)
    {
        var id = Interlocked.Increment(ref this.last);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        this.waiting[id] = answer;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
            message["sessionId"] = session;
        await this.sending.WaitAsync();
        try
        {
            await this.socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, this.end.Token);
        }
        finally
        {
            this.sending.Release();
        }

        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task LaunchAsync()
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-sync",
            "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-port=0", $"--user-data-dir={this.profile.FullName}", "about:blank",
        ];
        try
        {
            this.process = Process.Start(new ProcessStartInfo("chromium", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException("chromium is not installed: run `dotnet run --project build -- setup` as root once, or apt-get install chromium", error);
        }

        this.process.OutputDataReceived += static (_, _) => { };
        this.process.ErrorDataReceived += static (_, _) => { };
        this.process.BeginOutputReadLine();
        this.process.BeginErrorReadLine();
        var port = Path.Combine(this.profile.FullName, "DevToolsActivePort");
        for (var tries = 0; tries < 300 && !(File.Exists(port) && File.ReadAllLines(port).Length >= 2); tries++)
            await Task.Delay(100);
        var lines = File.ReadAllLines(port);
        await this.socket.ConnectAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{lines[0]}{lines[1]}")), this.end.Token);
        _ = this.ListenAsync();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[1 << 20];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await this.socket.ReceiveAsync(buffer.AsMemory(), this.end.Token);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                this.Take(JsonNode.Parse(message.ToArray())!.AsObject());
                message.SetLength(0);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            foreach (var answer in this.waiting.Values)
                answer.TrySetException(new InvalidOperationException("chromium went away", error));
        }
    }

    private void Take(JsonObject message)
    {
        if (message["id"] is { } id)
        {
            if (!this.waiting.TryRemove(id.GetValue<int>(), out var answer))
                return;
            if (message["error"] is { } error)
                answer.TrySetException(new InvalidOperationException($"chromium: {error["message"]}"));
            else
                answer.TrySetResult(message["result"] as JsonObject ?? []);
            return;
        }

        this.Heard?.Invoke(message["sessionId"]?.GetValue<string>() ?? "", message["method"]!.GetValue<string>(), message["params"] as JsonObject ?? []);
    }
}
