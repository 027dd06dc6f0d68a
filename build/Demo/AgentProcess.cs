using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Build.Tools;

namespace Ci.Build.Demo;

/// <summary>The edge agent as a device runs it: its own process, its own folder, asked over HTTP alone.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly DemoWorld world;
    private readonly string configuration;
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };

    private AgentProcess(DemoWorld world, Process process, string configuration, Uri address) =>
        (this.world, this.process, this.configuration, this.Address) = (world, process, configuration, address);

    public Uri Address { get; }

    public int Id => this.process.Id;

    /// <summary>True: the process goes on when this object is disposed.</summary>
    public bool Kept { get; set; }

    public static async Task<AgentProcess> StartAsync(DemoWorld world)
    {
        var folder = Path.Combine(world.Folder, "device");
        Directory.CreateDirectory(folder);
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var file = Path.Combine(folder, "agent.json");
        var document = new JsonObject
        {
            ["schema"] = "mlops.agent-configuration/v1",
            ["device"] = "substation-7",
            ["environment"] = "production",
            ["models"] = new JsonArray(DemoWorld.Model),
            ["source"] = new JsonObject { ["git"] = world.DeployUrl },
            ["store"] = world.Store,
            ["trustedKeys"] = new JsonArray(world.TrustedKey),
            ["data"] = Path.Combine(folder, "data"),
            ["listen"] = address.AbsoluteUri.TrimEnd('/'),
            ["pollSeconds"] = 1,
            ["soakSeconds"] = 2,
            ["mailbox"] = new JsonObject { ["store"] = world.Store, ["seconds"] = 2 },
        };
        await File.WriteAllTextAsync(file, document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        var environment = world.PersonEnvironment();
        environment["GIT_CONFIG_COUNT"] = null; // the device holds no credentials: the deploy repository is readable
        // Its output goes straight to a file: the agent outlives this process where --keep asks for it.
        environment["AGENT_LOG"] = Path.Combine(folder, "agent.log");
        string[] command = ["-c", "exec \"$0\" \"$@\" >>\"$AGENT_LOG\" 2>&1", world.Context.EdgeAgent, "run", "--config", file];
        var agent = new AgentProcess(world, Shell.Start("sh", command, folder, environment), file, address);
        await agent.WaitAsync("the agent answers", TimeSpan.FromSeconds(30), async () => (await agent.client.GetAsync(agent.At("/v2/health/live"))).IsSuccessStatusCode);
        return agent;
    }

    public Uri At(string path) => new(this.Address, path);

    /// <summary>The agent's own view: GET /status.</summary>
    public async Task<JsonNode> StatusAsync() => JsonNode.Parse(await this.client.GetStringAsync(this.At("/status")))!;

    /// <summary>The status of the demo's one model.</summary>
    public async Task<JsonNode> ModelAsync()
    {
        var status = await this.StatusAsync();
        return status["models"]!.AsArray().Single(model => (string?)model!["name"] == DemoWorld.Model)!;
    }

    public Task WaitForServingAsync(string release) => this.WaitAsync($"the agent serves release {release[..12]}", TimeSpan.FromSeconds(60),
        async () => (string?)(await this.ModelAsync())["serving"]?["release"] == release);

    public Task WaitForInSyncAsync() => this.WaitAsync("the agent is in sync (soak over)", TimeSpan.FromSeconds(60),
        async () => (bool?)(await this.ModelAsync())["inSync"] == true);

    public async Task<JsonNode> WaitForRefusalAsync(string release)
    {
        JsonNode? found = null;
        await this.WaitAsync($"the agent refuses release {release[..12]}", TimeSpan.FromSeconds(60), async () =>
        {
            var refusals = (await this.ModelAsync())["refusals"]?.AsArray();
            found = refusals?.FirstOrDefault(refusal => (string?)refusal!["release"] == release);
            return found is not null;
        });
        return found!;
    }

    /// <summary>One Open Inference Protocol request; the parsed answer.</summary>
    public async Task<JsonNode> InferAsync(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await this.client.PostAsync(this.At($"/v2/models/{DemoWorld.Model}/infer"), content);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new BuildException($"inference answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>`edge-agent pause|resume` as an operator would.</summary>
    public async Task TellAsync(string verb) =>
        (await Shell.RunAsync(this.world.Context.EdgeAgent, [verb, "--config", this.configuration], this.world.Folder, this.world.PersonEnvironment())).OrThrow();

    public async ValueTask DisposeAsync()
    {
        this.client.Dispose();
        if (!this.Kept && !this.process.HasExited)
        {
            await Shell.RunAsync("kill", ["-TERM", this.process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], "/");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await this.process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                this.process.Kill(entireProcessTree: true);
            }
        }

        this.process.Dispose();
    }

    public async Task WaitAsync(string what, TimeSpan limit, Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(limit);
        while (!patience.IsCancellationRequested)
        {
            if (this.process.HasExited)
                throw new BuildException($"the agent ended with {this.process.ExitCode} while waiting until {what}; its log: device/agent.log");
            try
            {
                if (await holds())
                    return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet: ask again until the limit.
            }

            await Task.Delay(50);
        }

        throw new BuildException($"waited {limit.TotalSeconds:F0} s in vain until {what}; the agent's log: device/agent.log");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
