using Ci.EdgeAgent.Isolation;
using Ci.Onnx.Proto;
using Ci.Releases;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>Models whose weights lie in a file beside them, as exporters write them above 2 GB; the fixture is breast-mlp-base so saved by python3-onnx.</summary>
public sealed class ExternalDataTests
{
    private const string Weights = "breast-mlp-base.weights";
    private static readonly byte[] Model = File.ReadAllBytes(Support.Model("external/breast-mlp-base.onnx"));
    private static readonly byte[] Bytes = File.ReadAllBytes(Support.Model("external/" + Weights));

    [Theory]
    [InlineData("in-process")]
    [InlineData("child")]
    public async Task A_model_with_weights_beside_it_is_brought_proven_served_and_found_again_after_a_restart(string isolation)
    {
        await using var world = await MirrorWorld.StartAsync();
        var configuration = $",\"isolation\":\"{isolation}\"";
        string whole;
        await using (var agent = await world.ServingAsync(configuration))
        {
            whole = await AnswerAsync(agent, "1.0.0");
            await world.PublishAsync(world.SignModel("2.0.0", Model, (Weights, Bytes)), 2);
            await agent.ServesAsync("2.0.0");
            Assert.Equal(whole, await AnswerAsync(agent, "2.0.0"));
            Assert.Equal(isolation == "child", agent.Agent.Models[0].Served.Slot.Current!.Instance is ChildInstance);
        }

        // Nothing was copied or linked: the objects alone hold weights.
        Assert.Single(FilesOf(world, Bytes.Length));
        world.Lie = context => Refuse(context);
        await using var offline = await RunningAgent.StartAsync(world.Configure(configuration), follow: false);
        Assert.Equal("2.0.0", offline.Status.Serving!.Version);
        Assert.Equal(whole, await AnswerAsync(offline, "2.0.0"));
    }

    [Fact]
    public async Task Weights_stay_while_they_are_needed_and_go_when_nothing_names_them_any_more()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        await world.PublishAsync(world.SignModel("2.0.0", Model, (Weights, Bytes)), 2);
        await agent.ServesAsync("2.0.0");
        await world.PublishAsync(world.Sign("3.0.0", "breast-mlp-cont.onnx"), 3);
        await agent.ServesAsync("3.0.0");
        Assert.Single(FilesOf(world, Bytes.Length)); // there must be a way back
        await world.PublishAsync(world.Sign("4.0.0"), 4);
        await agent.ServesAsync("4.0.0");
        await world.PublishAsync(world.Sign("5.0.0", "breast-mlp-cont.onnx"), 5);
        await agent.ServesAsync("5.0.0");
        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(FilesOf(world, Bytes.Length).Length == 0)), "the weights of a release that nobody needs were left");
    }

    [Fact]
    public async Task Weights_that_were_changed_on_the_way_are_refused()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var signed = world.SignModel("2.0.0", Model, (Weights, Bytes));
        var blob = $"/sha256/{signed.Release.Artifacts[2].Sha256.Hex[..2]}/{signed.Release.Artifacts[2].Sha256.Hex}";
        world.Lie = context => context.Request.Path == blob && Send(context, [.. Bytes[..^1], (byte)(Bytes[^1] ^ 1)]);
        await world.PublishAsync(signed, 2);
        await AttackTests.RefusedAsync(agent, "digest-mismatch");
    }

    [Fact]
    public async Task Weights_that_the_store_does_not_have_are_waited_for()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var signed = world.SignModel("2.0.0", Model, (Weights, Bytes));
        var missing = true;
        world.Lie = context => missing && context.Request.Path.Value!.Contains(signed.Release.Artifacts[2].Sha256.Hex, StringComparison.Ordinal) && Refuse(context);
        await world.PublishAsync(signed, 2);
        await agent.UntilAsync(s => s.WhyNot is not null);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        missing = false;
        await agent.ServesAsync("2.0.0");
    }

    [Fact]
    public async Task Weights_that_were_damaged_on_the_disk_are_not_loaded_and_are_fetched_again()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using (var agent = await world.ServingAsync())
        {
            await world.PublishAsync(world.SignModel("2.0.0", Model, (Weights, Bytes)), 2);
            await agent.ServesAsync("2.0.0");
        }

        var file = Assert.Single(FilesOf(world, Bytes.Length));
        await File.WriteAllBytesAsync(file, [.. Bytes[..100], (byte)(Bytes[100] ^ 1), .. Bytes[101..]]);
        await using (var offline = await RunningAgent.StartAsync(world.Configure(), follow: false))
        {
            Assert.Null(offline.Status.Serving);
            Assert.Contains($"{Weights} of 2.0.0 is damaged on this device's disk", offline.Log, StringComparison.Ordinal);
        }

        await using var again = await RunningAgent.StartAsync(world.Configure());
        await again.ServesAsync("2.0.0");
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Whatever_a_signed_model_names_as_its_weights_nothing_outside_of_the_release_is_opened()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync();
        var secret = world.Of("secret.bin");
        await File.WriteAllBytesAsync(secret, Bytes);
        var sequence = 1;
        foreach (var (change, path) in Attacks(secret, world))
        {
            sequence++;
            await world.PublishAsync(world.SignModel($"{sequence}.0.0", Change(change), (path, Bytes)), sequence);
            await agent.UntilAsync(s => s.Refusals.Any(r => r.Version == $"{sequence}.0.0"));
            Assert.Equal((sequence, "external-data"), (sequence, agent.Status.Refusals[^1].Code));
            await AttackTests.RefusedAsync(agent, "external-data");
        }

        await world.PublishAsync(world.SignModel("99.0.0", Model, (Weights, Bytes)), 99);
        await agent.ServesAsync("99.0.0");
    }

    private static IEnumerable<(Action<TensorProto> Change, string Path)> Attacks(string secret, MirrorWorld world)
    {
        yield return (t => Set(t, "location", secret), Weights);
        yield return (t => Set(t, "location", Path.GetRelativePath(Path.Combine(world.Data, "objects", "sha256"), secret)), Weights);
        yield return (t => Set(t, "location", "../" + Weights), Weights);
        yield return (t => Set(t, "location", Sha256Digest.Of(Bytes).Hex[..2] + "/" + Sha256Digest.Of(Bytes).Hex), Weights);
        yield return (t => Set(t, "location", "golden.json"), Weights);
        yield return (t => Set(t, "location", "model.onnx"), Weights);
        yield return (t => Set(t, "location", "*/_ORT_MEM_ADDR_/*"), Weights);
        yield return (_ => { }, "other/" + Weights);
        // One reader takes the first, another one the last.
        yield return (t => t.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = secret }), Weights);
        yield return (t => Set(t, "offset", $"{Bytes.Length - 4}"), Weights);
        yield return (t => Set(t, "offset", "9223372036854775807"), Weights);
        yield return (t => Set(t, "offset", "-8"), Weights);
        yield return (t => Set(t, "length", "9007199254740991"), Weights);
    }

    private static byte[] Change(Action<TensorProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(Model);
        change(model.Graph.Initializer[0]);
        return model.ToByteArray();
    }

    private static void Set(TensorProto tensor, string key, string value) => tensor.ExternalData.First(e => e.Key == key).Value = value;

    private static async Task<string> AnswerAsync(RunningAgent agent, string version)
    {
        var (status, body) = await agent.InferAsync(Support.Request(30));
        Assert.Equal(200, status);
        return body.Replace(version, "", StringComparison.Ordinal);
    }

    private static string[] FilesOf(MirrorWorld world, long length) =>
        [.. Directory.GetFiles(world.Data, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length == length)];

    private static bool Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return true;
    }

    private static bool Send(HttpContext context, byte[] bytes)
    {
        context.Response.Body.WriteAsync(bytes).AsTask().Wait();
        return true;
    }
}
