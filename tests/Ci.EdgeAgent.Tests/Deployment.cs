using System.Security.Cryptography;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

/// <summary>A real deploy repository, a real blob store and a real key, and the agents of a test.</summary>
internal sealed class Deployment : IDisposable
{
    public const string Environment = "production";
    public const string Model = "breast-mlp";
    private readonly TemporaryFolder folder = new();
    private readonly GitOptions git = new() { Environment = GitIsolation.Environment };

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Data => folder.Of("data");

    public string Repository => folder.Of("deploy.git");

    public IBlobStore Blobs => BlobStores.Default.Open(folder.Of("blobs"));

    public IBlobStore Mailbox => BlobStores.Default.Open(folder.Of("mailbox"));

    public string ConfigPath => folder.Of("agent.json");

    public AgentConfiguration Configure(double soak = 0.05, bool mailbox = false, double poll = 0.1)
    {
        File.WriteAllText(folder.Of("key.pem"), Key.ExportSubjectPublicKeyInfoPem());
        var box = mailbox ? ",\"mailbox\":{\"store\":\"mailbox\",\"seconds\":0.3}" : "";
        File.WriteAllText(ConfigPath, $$"""
            {"device":"device-1","environment":"{{Environment}}","models":["{{Model}}"],"source":{"git":"deploy.git"},"store":"blobs","trustedKeys":["key.pem"],
             "data":"data","listen":"http://127.0.0.1:0","pollSeconds":{{poll}},"soakSeconds":{{soak}},"onnxRuntime":{{JsonSerializer.Serialize(OnnxRuntimeLibrary.Path)}}{{box}}}
            """);
        return AgentConfigurationFile.Read(ConfigPath, new Dictionary<string, string>());
    }

    public SignedRelease Sign(string version, string file = "breast-mlp-base.onnx", Func<Release, Release>? tweak = null, Func<double[], double[]>? golden = null, ECDsa? key = null) =>
        Support.Sign(key ?? Key, Model, version, file, tweak, golden);

    /// <summary>Blobs, then documents and channel in one commit: as a promotion does.</summary>
    public async Task PromoteAsync(SignedRelease signed, long sequence, Action<string>? beforeChannel = null, string environment = Environment)
    {
        await Support.StoreAsync(Blobs, signed);
        beforeChannel?.Invoke(folder.Of("blobs"));
        var channel = new Channel { Environment = environment, Model = Model, Release = signed.Release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([(byte)sequence]) };
        await CommitAsync(new Dictionary<string, byte[]?>
        {
            [$"channels/{Environment}/{Model}.json"] = channel.ToBytes(),
            [$"releases/{Model}/{signed.Release.Id}.json"] = signed.Document,
            [$"releases/{Model}/{signed.Release.Id}.sigstore.json"] = signed.Bundle,
        });
    }

    public async Task CommitAsync(Dictionary<string, byte[]?> changes)
    {
        var repository = await GitRepository.InitAsync(Repository, bare: true, o: git);
        var head = await repository.ResolveAsync("refs/heads/main");
        var tree = await repository.WriteTreeAsync(head, changes);
        var commit = await repository.CommitTreeAsync(tree, head is null ? [] : [head], "promote");
        Assert.True(await repository.UpdateRefAsync("refs/heads/main", commit, head));
    }

    public void HideRepository() => Directory.Move(Repository, Repository + ".away");

    public async Task<RunningAgent> StartAsync(AgentConfiguration configuration) => await RunningAgent.StartAsync(configuration);

    public void Dispose()
    {
        Key.Dispose();
        folder.Dispose();
    }
}

/// <summary>An agent of a test with its update loop under way.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StringWriter log = new();
    private Agent agent = null!;
    private Task loop = Task.CompletedTask;

    /// <summary>Every request goes through a proxy that holds it and its answer to the protocol's own description.</summary>
    public HttpClient Http { get; } = new(new ConformanceHandler());

    /// <summary>Straight to the agent, for what the proxy cannot carry; the answers are held to the same description.</summary>
    public HttpClient Plain { get; } = new(new AnswerCheck());

    public string Log => log.ToString();

    public ModelStatus Status => agent.Status().Models[0];

    public Agent Agent => agent;

    public static async Task<RunningAgent> StartAsync(AgentConfiguration configuration, bool follow = true, Func<AgentConfiguration, Updates.IModelLoader>? loader = null, TimeProvider? time = null, Files.IDeviceFiles? files = null, Dictionary<string, string>? environment = null)
    {
        var running = new RunningAgent();
        var world = new AgentWorld { Environment = environment ?? [], Log = TextWriter.Synchronized(running.log), Loader = loader, Time = time ?? TimeProvider.System, Files = files ?? Files.DiskFiles.Instance };
        running.agent = await Agent.StartAsync(configuration, world, CancellationToken.None);
        running.Http.BaseAddress = running.Plain.BaseAddress = new Uri(running.agent.Address);
        running.loop = follow ? Task.Run(() => running.agent.RunAsync(running.stop.Token)) : Task.CompletedTask;
        return running;
    }

    public async Task UntilAsync(Func<ModelStatus, bool> holds)
    {
        if (!await Support.EventuallyAsync(() => Task.FromResult(holds(Status))))
            Assert.Fail($"it never came to that; {JsonSerializer.Serialize(Status, AgentJson.Default.ModelStatus)}\n{Log}");
    }

    public Task ServesAsync(string version) => UntilAsync(s => s.Serving?.Version == version && s.InSync);

    public Task RefusesAsync(string code) => UntilAsync(s => s.Refusals.Any(r => r.Code == code));

    public async Task<(int Status, string Body)> InferAsync(string body, string path = $"/v2/models/{Deployment.Model}/infer")
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await loop;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await agent.DisposeAsync();
        Http.Dispose();
        Plain.Dispose();
        stop.Dispose();
        await log.DisposeAsync();
    }
}
