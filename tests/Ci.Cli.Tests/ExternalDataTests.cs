using System.Text.Json.Nodes;
using Ci.Onnx;
using Ci.Onnx.Proto;
using Ci.Promotion;
using Ci.Releases;
using Ci.Storage;
using Google.Protobuf;

namespace Ci.Cli.Tests;

/// <summary>A model whose weights lie beside it: evaluated, compared, released, promoted to a store and fetched again.</summary>
public sealed class ExternalDataTests : IAsyncLifetime
{
    private const string Weights = "weights/load.bin";
    private readonly ModelProject project = new();

    public async Task InitializeAsync()
    {
        await this.project.CommitAsync();
        await this.project.OkAsync("release keygen --out keys/key.pem");
        await this.project.OkAsync("train --data train.csv --out whole.onnx");
        Split(this.project.Of("whole.onnx"), this.project.Of("model.onnx"), this.project.Of(Weights));
        await this.project.OkAsync("evaluate --model model.onnx --data test.csv --training-data train.csv --out evaluation.json --predictions predictions.csv.gz");
        await this.project.OkAsync("compare");
    }

    public Task DisposeAsync()
    {
        this.project.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_measures_as_the_whole_one_and_the_evaluation_names_its_weights()
    {
        await this.project.OkAsync("evaluate --model whole.onnx --data test.csv --training-data train.csv --out whole.json --predictions whole.csv.gz");
        var (parts, whole) = (this.Json("evaluation.json"), this.Json("whole.json"));
        Assert.Equal(whole["metrics"]!.ToJsonString(), parts["metrics"]!.ToJsonString());
        Assert.Null(whole["model"]!["externalData"]);
        var file = Assert.Single((JsonArray)parts["model"]!["externalData"]!)!;
        Assert.Equal((Weights, Sha256Digest.Of(File.ReadAllBytes(this.project.Of(Weights))).Hex), ((string)file["path"]!, (string)file["sha256"]!));
    }

    [Fact]
    public async Task A_release_carries_its_weights_and_what_fetches_it_finds_them_beside_the_model()
    {
        await this.project.ReleaseAsync();
        await this.project.OkAsync("release verify release");
        var folder = ReleaseFolder.Open(this.project.Of("release"));
        var release = Release.Read(folder.Document);
        var artifact = Assert.Single(release.Artifacts, a => a.Path == Weights);
        Assert.Equal((ArtifactRole.Other, new FileInfo(this.project.Of(Weights)).Length), (artifact.Role, artifact.Bytes));

        var store = BlobStores.Default.Open(Directory.CreateDirectory(this.project.Of("blobs")).FullName);
        await folder.UploadAsync(release, store);
        var verified = await folder.VerifyAsync(TrustedKey.ReadPem(await File.ReadAllTextAsync(this.project.Of("keys/key.pem.pub"))));
        await new ReleaseDownload(verified, folder.Document, folder.Bundle, store).ToAsync(this.project.Of("baseline"), CancellationToken.None);
        await this.project.OkAsync("evaluate --model baseline/model.onnx --data test.csv --out again.json");
        Assert.Equal(this.Json("evaluation.json")["metrics"]!.ToJsonString(), this.Json("again.json")["metrics"]!.ToJsonString());
    }

    [Fact]
    public async Task Weights_that_are_not_those_that_were_evaluated_are_not_released()
    {
        var bytes = await File.ReadAllBytesAsync(this.project.Of(Weights));
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(this.project.Of(Weights), bytes);
        var refused = await this.project.RunAsync("release create --model model.onnx --evaluation evaluation.json --golden-data test.csv --version 1.0.0 --out release");
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains($"measured other weights than {Weights} beside model.onnx", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(this.project.Of("release")));
    }

    [Fact]
    public async Task A_release_whose_weights_were_changed_does_not_verify()
    {
        await this.project.ReleaseAsync();
        await File.AppendAllTextAsync(this.project.Of("release/" + Weights), "x");
        Assert.Equal(ExitCode.Refused, (await this.project.RunAsync("release verify release")).Code);
    }

    [Theory]
    [InlineData("../outside.bin", "not inside")]
    [InlineData("weights/none.bin", "does not exist")]
    public async Task Weights_outside_of_the_folder_or_missing_are_told(string location, string message)
    {
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(this.project.Path)!, "outside.bin"), new byte[1000]);
        var model = ModelProto.Parser.ParseFrom(await File.ReadAllBytesAsync(this.project.Of("model.onnx")));
        foreach (var tensor in model.Graph.Initializer)
            tensor.ExternalData.First(e => e.Key == "location").Value = location;
        await File.WriteAllBytesAsync(this.project.Of("bad.onnx"), model.ToByteArray());
        var refused = await this.project.RunAsync("evaluate --model bad.onnx --data test.csv --out bad.json");
        Assert.NotEqual(ExitCode.Ok, refused.Code);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
    }

    /// <summary>As exporters do: all floating weights one after the other in one file.</summary>
    private static void Split(string whole, string model, string weights)
    {
        var proto = OnnxModelFile.Read(whole).Proto.Clone();
        Directory.CreateDirectory(Path.GetDirectoryName(weights)!);
        using var file = File.Create(weights);
        foreach (var tensor in proto.Graph.Initializer.Where(t => t.DataType == (int)OnnxElementType.Float))
        {
            var bytes = tensor.HasRawData ? tensor.RawData.ToByteArray() : [.. tensor.FloatData.SelectMany(BitConverter.GetBytes)];
            tensor.ClearRawData();
            tensor.FloatData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            foreach (var (key, value) in new[] { ("location", Weights), ("offset", $"{file.Position}"), ("length", $"{bytes.Length}") })
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            file.Write(bytes);
        }

        Assert.NotEqual(0, file.Length);
        File.WriteAllBytes(model, proto.ToByteArray());
    }

    private JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(this.project.Of(file)))!;
}
