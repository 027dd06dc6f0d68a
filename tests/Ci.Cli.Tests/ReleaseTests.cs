using System.Text.Json.Nodes;
using Ci.Releases;

namespace Ci.Cli.Tests;

/// <summary><c>mlops release</c>: keygen, create, show, verify. (Fetch needs something live: see <see cref="PromoteTests"/>.)</summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly ModelProject project = new();

    public void Dispose() => this.project.Dispose();

    [Fact]
    public async Task A_key_pair_is_made_once_and_the_private_one_is_its_owners_alone()
    {
        var made = JsonNode.Parse(await this.project.OkAsync("release keygen --out keys/key.pem --json"))!;
        Assert.Equal(this.project.Of("keys/key.pem"), (string)made["private"]!);
        Assert.Equal(64, ((string)made["hint"]!).Length);
        Assert.Contains("BEGIN PUBLIC KEY", File.ReadAllText((string)made["public"]!), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(this.project.Of("keys/key.pem")));

        var key = File.ReadAllText(this.project.Of("keys/key.pem"));
        var again = await this.project.RunAsync("release keygen --out keys/key.pem");
        Assert.Equal(ExitCode.Error, again.Code);
        Assert.Equal(key, File.ReadAllText(this.project.Of("keys/key.pem")));
    }

    [Fact]
    public async Task A_release_is_made_shown_and_verified()
    {
        await this.project.CommitAsync();
        await this.project.EvaluateAsync();
        await this.project.OkAsync("release keygen --out keys/key.pem");
        var created = JsonNode.Parse(await this.project.OkAsync(
            "release create --model model.onnx --evaluation evaluation.json --predictions predictions.csv.gz --verdict verdict.json --golden-data test.csv --version v1.2.3 --out release --json"))!;
        Assert.Equal(("energy-load", "1.2.3"), ((string)created["name"]!, (string)created["version"]!));
        Assert.Equal(
            ["evaluation.json", "golden.json", "model.onnx", "predictions.csv.gz", "release.json", "release.sigstore.json", "verdict.json"],
            Directory.GetFiles(this.project.Of("release")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.True(GoldenSet.Read(File.ReadAllBytes(this.project.Of("release/golden.json"))).Request.Inputs.Count == 1);

        foreach (var verb in new[] { "show", "verify" })
            Assert.Equal((string)created["id"]!, (string)JsonNode.Parse(await this.project.OkAsync($"release {verb} release --json"))!["id"]!);
        Assert.StartsWith("verified energy-load 1.2.3", await this.project.OkAsync("release verify release"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_golden_set_made_by_hand_must_be_reproduced_unless_that_is_waived()
    {
        await this.project.CommitAsync();
        await this.project.EvaluateAsync();
        await this.project.ReleaseAsync();
        var golden = JsonNode.Parse(File.ReadAllText(this.project.Of("release/golden.json")))!;
        golden["response"]!["outputs"]![0]!["data"]![0] = 1e6;
        this.project.Write("golden.json", golden.ToJsonString());

        var call = "release create --model model.onnx --evaluation evaluation.json --golden golden.json --version 1.0.1 --out other";
        var refused = await this.project.RunAsync(call);
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.False(Directory.Exists(this.project.Of("other")));
        await this.project.OkAsync(call + " --skip-golden-check");
        await this.project.OkAsync("release verify other");
    }
}
