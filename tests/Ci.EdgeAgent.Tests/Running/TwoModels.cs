using System.Globalization;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;
using Ci.Releases;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>One device with two models, each with a channel of its own, over one deploy repository and one store.</summary>
internal sealed class TwoModels : IDisposable
{
    public const string First = "breast-mlp";
    public const string Second = "second-model";

    public Deployment Deployment { get; } = new();

    public AgentConfiguration Configure(string more = "")
    {
        Deployment.Configure();
        File.WriteAllText(Deployment.ConfigPath, string.Create(CultureInfo.InvariantCulture, $$"""
            {"device":"device-1","environment":"production","models":["{{First}}","{{Second}}"],"source":{"git":"deploy.git"},"store":"blobs","trustedKeys":["key.pem"],
             "data":"data","listen":"http://127.0.0.1:0","pollSeconds":0.1,"soakSeconds":0.05,"onnxRuntime":{{JsonSerializer.Serialize(OnnxRuntimeLibrary.Path)}}{{more}}}
            """));
        return AgentConfigurationFile.Read(Deployment.ConfigPath, new Dictionary<string, string>());
    }

    public async Task<SignedRelease> PromoteAsync(string model, string version, long sequence, string file = "breast-mlp-base.onnx", Func<double[], double[]>? golden = null)
    {
        var signed = Support.Sign(Deployment.Key, model, version, file, golden: golden);
        await Support.StoreAsync(Deployment.Blobs, signed);
        var channel = new Channel { Environment = "production", Model = model, Release = signed.Release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([(byte)sequence]) };
        await Deployment.CommitAsync(new Dictionary<string, byte[]?>
        {
            [$"channels/production/{model}.json"] = channel.ToBytes(),
            [$"releases/{model}/{signed.Release.Id}.json"] = signed.Document,
            [$"releases/{model}/{signed.Release.Id}.sigstore.json"] = signed.Bundle,
        });
        return signed;
    }

    public static async Task UntilAsync(RunningAgent agent, string model, Func<ModelStatus, bool> holds)
    {
        ModelStatus Seen() => agent.Agent.Status().Models.Single(m => m.Name == model);
        if (!await Support.EventuallyAsync(() => Task.FromResult(holds(Seen()))))
            Assert.Fail($"it never came to that; {JsonSerializer.Serialize(Seen(), AgentJson.Default.ModelStatus)}\n{agent.Log}");
    }

    public static Task ServesAsync(RunningAgent agent, string model, string version) => UntilAsync(agent, model, m => m.Serving?.Version == version && m.InSync);

    public AgentWorld World(string? listen = null) => new()
    {
        Environment = listen is null ? [] : new Dictionary<string, string> { ["MLOPS_EDGE_LISTEN"] = listen }, Log = TextWriter.Null,
    };

    public void Dispose() => Deployment.Dispose();
}
