using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.States;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Tests;

/// <summary>The whole agent in process: real Git, real blobs, real signatures, real ONNX Runtime, real HTTP.</summary>
public sealed class AgentLoopTests
{
    [Fact]
    public async Task A_promoted_release_is_fetched_proven_and_served()
    {
        using var deployment = new Deployment();
        var first = deployment.Sign("1.0.0");
        await deployment.PromoteAsync(first, 1);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");

        var (status, body) = await agent.InferAsync(Support.Request(30));
        Assert.Equal(200, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal(Deployment.Model, answer.RootElement.GetProperty("model_name").GetString());
        Assert.Equal("1.0.0", answer.RootElement.GetProperty("model_version").GetString());
        Assert.Equal(first.Release.Model.Sha256.Hex, agent.Status.Serving!.ModelSha256);
        Assert.NotNull(agent.Status.Serving.Proof);
        Assert.Equal(1, agent.Status.SequenceFloor);
    }

    [Fact]
    public async Task Swaps_under_load_fail_no_request()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure(soak: 0));
        await agent.ServesAsync("1.0.0");

        using var enough = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var clients = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            var (asked, failed) = (0, new List<string>());
            while (!enough.IsCancellationRequested)
            {
                var (status, body) = await agent.InferAsync(Support.Request(30));
                asked++;
                if (status != 200)
                    failed.Add($"{status} {body}");
                using var answer = JsonDocument.Parse(body);
                lock (seen)
                    seen.Add(answer.RootElement.GetProperty("model_version").GetString()!);
            }

            return (asked, failed);
        })).ToList();

        for (var version = 2; version <= 6; version++)
        {
            await deployment.PromoteAsync(deployment.Sign($"{version}.0.0", version % 2 == 0 ? "breast-mlp-cont.onnx" : "breast-mlp-base.onnx"), version);
            await agent.ServesAsync($"{version}.0.0");
            await Task.Delay(50);
        }

        await enough.CancelAsync();
        var results = await Task.WhenAll(clients);
        Assert.Empty(results.SelectMany(r => r.failed));
        Assert.True(results.Sum(r => r.asked) > 100);
        Assert.Equal(6, seen.Count);
    }

    [Fact]
    public async Task A_blob_damaged_after_signing_is_refused_and_not_tried_again_until_the_channel_changes()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("2.0.0"), 2);
        await using var agent = await deployment.StartAsync(deployment.Configure(mailbox: true));
        await agent.ServesAsync("2.0.0");

        var bad = deployment.Sign("4.0.0", "breast-mlp-cont.onnx");
        await deployment.PromoteAsync(bad, 4, blobs => Damage(Path.Combine(blobs, BlobKeys.OfSha256(bad.Release.Model.Sha256.Hex))));
        await agent.RefusesAsync("digest-mismatch");
        Assert.Equal("2.0.0", agent.Status.Serving!.Version);
        Assert.Equal("4.0.0", Assert.Single(agent.Status.Refusals).Version);
        Assert.Contains("digest-mismatch", agent.Status.WhyNot, StringComparison.Ordinal);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);

        await Task.Delay(400);
        Assert.Single(agent.Status.Refusals);
        Assert.Single(agent.Status.Events, e => e.Kind == TelemetryEventKind.Refusal);
        Assert.True(await Support.EventuallyAsync(async () => (await TelemetryAsync(deployment)).Any(b => b.Events.Any(e => e.Code == "digest-mismatch" && e.Version == "4.0.0"))));
        var counted = (await TelemetryAsync(deployment)).Where(b => b.Requests > 0).ToList();
        Assert.Equal(1, counted.Sum(b => b.Requests));
        Assert.Equal(30, counted[0].Inputs.Count);

        await using (var good = new MemoryStream(bad.Blobs[0]))
            await deployment.Blobs.PutAsync(BlobKeys.OfSha256(bad.Release.Model.Sha256.Hex), good, PutMode.Overwrite);
        await deployment.PromoteAsync(bad, 5);
        await agent.ServesAsync("4.0.0");
    }

    [Fact]
    public async Task A_signed_release_that_does_not_reproduce_its_golden_set_is_refused()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("2.0.0"), 2);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.ServesAsync("2.0.0");
        await deployment.PromoteAsync(deployment.Sign("5.0.0", golden: values => Array.ConvertAll(values, v => v + 0.5)), 5);
        await agent.RefusesAsync("golden-mismatch");
        Assert.Equal("2.0.0", agent.Status.Serving!.Version);
        Assert.Equal(2, agent.Status.SequenceFloor);
        await agent.UntilAsync(s => s.State == AgentState.Quarantined);
    }

    [Fact]
    public async Task A_channel_whose_sequence_fell_is_refused()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("2.0.0"), 7);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.ServesAsync("2.0.0");
        await deployment.PromoteAsync(deployment.Sign("1.0.0", "breast-mlp-cont.onnx"), 6);
        await agent.RefusesAsync("sequence-rollback");
        Assert.Equal("2.0.0", agent.Status.Serving!.Version);
    }

    [Fact]
    public async Task A_sequence_that_names_another_release_the_second_time_is_refused()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("2.0.0"), 7);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.ServesAsync("2.0.0");
        await deployment.PromoteAsync(deployment.Sign("3.0.0", "breast-mlp-cont.onnx"), 7);
        await agent.RefusesAsync("sequence-rollback");
    }

    [Fact]
    public async Task A_release_signed_by_a_strange_key_is_refused_before_anything_is_fetched()
    {
        using var deployment = new Deployment();
        using var strange = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await deployment.PromoteAsync(deployment.Sign("1.0.0", key: strange), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.RefusesAsync("key-untrusted");
        Assert.Null(agent.Status.Serving);
        Assert.False(Directory.Exists(Path.Combine(deployment.Data, "objects")) && Directory.GetFiles(Path.Combine(deployment.Data, "objects"), "*", SearchOption.AllDirectories).Length > 0);
        Assert.Equal(503, (await agent.InferAsync(Support.Request(30))).Status);
    }

    [Fact]
    public async Task A_channel_of_another_environment_in_our_place_is_refused()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1, environment: "staging");
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.RefusesAsync("channel-malformed");
    }

    [Theory]
    [InlineData("latency-limit")]
    [InlineData("runtime-too-old")]
    [InlineData("size-limit")]
    [InlineData("interface-mismatch")]
    public async Task A_release_beyond_what_this_device_can_is_refused(string code)
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0", tweak: release => code switch
        {
            "latency-limit" => release with { Limits = release.Limits with { MaxP95LatencyMs = 1e-6 } },
            "runtime-too-old" => release with { LeastRuntime = "99.0.0" },
            "size-limit" => release with { Limits = release.Limits with { MaxBytes = 10 } },
            _ => release with { Inputs = [release.Inputs[0] with { Shape = [-1, 31] }] },
        }), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.RefusesAsync(code);
    }

    [Fact]
    public async Task After_a_restart_without_any_network_the_last_known_good_serves()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 3);
        var configuration = deployment.Configure();
        await using (var agent = await deployment.StartAsync(configuration))
            await agent.ServesAsync("1.0.0");

        deployment.HideRepository();
        await using var again = await RunningAgent.StartAsync(configuration, follow: false);
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
        Assert.Equal(200, (await again.InferAsync(Support.Request(30))).Status);
        Assert.Equal(3, again.Status.SequenceFloor);
        await again.Agent.Models[0].TurnAsync(CancellationToken.None);
        Assert.NotNull(again.Status.SourceError);
        Assert.Equal(200, (await again.InferAsync(Support.Request(30))).Status);
    }

    [Fact]
    public async Task A_release_damaged_on_the_device_is_not_served_after_a_restart_but_fetched_again()
    {
        using var deployment = new Deployment();
        var first = deployment.Sign("1.0.0");
        await deployment.PromoteAsync(first, 1);
        var configuration = deployment.Configure();
        await using (var agent = await deployment.StartAsync(configuration))
            await agent.ServesAsync("1.0.0");

        var hex = first.Release.Model.Sha256.Hex;
        Damage(Path.Combine(deployment.Data, "objects", "sha256", hex[..2], hex));
        await using var again = await RunningAgent.StartAsync(configuration, follow: false);
        Assert.Null(again.Status.Serving);
        await again.Agent.Models[0].TurnAsync(CancellationToken.None);
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
    }

    [Fact]
    public async Task While_paused_nothing_changes_and_after_resuming_it_does()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        agent.Agent.Control.Pause(DateTimeOffset.UnixEpoch);
        await agent.UntilAsync(s => s.State == AgentState.Paused);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await Task.Delay(400);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        agent.Agent.Control.Resume(DateTimeOffset.UnixEpoch);
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task A_damaged_journal_means_safe_mode_with_the_last_known_good_and_resume_leaves_it()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure();
        await using (var agent = await deployment.StartAsync(configuration))
            await agent.ServesAsync("1.0.0");

        var journal = Path.Combine(deployment.Data, "models", Deployment.Model, "journal");
        var bytes = await File.ReadAllBytesAsync(journal);
        bytes[100] ^= 0xFF;
        await File.WriteAllBytesAsync(journal, bytes);
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await using var again = await deployment.StartAsync(configuration);
        Assert.Equal(AgentState.SafeMode, again.Status.State);
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
        await Task.Delay(300);
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
        again.Agent.Control.Resume(DateTimeOffset.UnixEpoch);
        await again.ServesAsync("2.0.0");
        Assert.True(File.Exists(journal + ".damaged"));
    }

    [Fact]
    public async Task Metrics_status_page_and_readiness_tell_what_serves()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await deployment.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        await agent.InferAsync(Support.Request(30));
        var metrics = await agent.Http.GetStringAsync("/metrics");
        Assert.Contains("ml_edge_requests_total{model=\"breast-mlp\",outcome=\"ok\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("ml_edge_in_sync{model=\"breast-mlp\"} 1\n", metrics, StringComparison.Ordinal);
        var page = await agent.Http.GetStringAsync("/");
        Assert.Contains("<p class=\"lead\">Serving 1.0.0</p>", page, StringComparison.Ordinal);
        using var status = JsonDocument.Parse(await agent.Http.GetStringAsync("/status"));
        Assert.Equal("mlops.agent-status/v1", status.RootElement.GetProperty("schema").GetString());
        Assert.Equal("1.0.0", status.RootElement.GetProperty("models")[0].GetProperty("serving").GetProperty("version").GetString());
        Assert.Equal("{\"ready\":true}", await agent.Http.GetStringAsync("/v2/health/ready"));
    }

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x5A;
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllBytes(path, bytes);
    }

    private static async Task<List<TelemetryBatch>> TelemetryAsync(Deployment deployment)
    {
        var batches = new List<TelemetryBatch>();
        await foreach (var blob in deployment.Mailbox.ListAsync(TelemetryBatch.PrefixOf(Deployment.Environment, Deployment.Model, "device-1")))
        {
            await using var content = await deployment.Mailbox.OpenReadAsync(blob.Key);
            await using var gzip = new System.IO.Compression.GZipStream(content, System.IO.Compression.CompressionMode.Decompress);
            using var plain = new MemoryStream();
            await gzip.CopyToAsync(plain);
            var batch = TelemetryBatch.Read(plain.ToArray());
            Assert.Equal(blob.Key, batch.Key());
            batches.Add(batch);
        }

        return batches;
    }
}
