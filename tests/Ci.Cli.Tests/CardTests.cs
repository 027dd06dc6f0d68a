using System.Text.Json.Nodes;

namespace Ci.Cli.Tests;

/// <summary><c>mlops card</c> over a release that was really signed.</summary>
public sealed class CardTests : IDisposable
{
    private readonly ModelProject project = new();

    public void Dispose() => this.project.Dispose();

    [Fact]
    public async Task A_card_says_that_its_release_was_verified_and_by_which_key()
    {
        await this.ReleaseAsync();
        var made = JsonNode.Parse(await this.project.OkAsync("card create report/report.json --release release --out card.md --json"))!;
        Assert.Equal("verified", (string?)made["signature"]);
        var card = File.ReadAllText(this.project.Of("card.md"));
        Assert.Contains((string)made["release"]!, card, StringComparison.Ordinal);
        Assert.Contains("Verified: a trusted key signed this release, and all 5 files have the signed digests.", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_the_signed_one_makes_no_card()
    {
        await this.ReleaseAsync();
        File.AppendAllText(this.project.Of("release/evaluation.json"), " ");
        Assert.Equal(ExitCode.Refused, (await this.project.RunAsync("card create report/report.json --release release/release.json --out card.html")).Code);
        Assert.False(File.Exists(this.project.Of("card.html")));
    }

    [Fact]
    public async Task A_release_without_its_signature_is_called_not_signed()
    {
        await this.ReleaseAsync();
        File.Delete(this.project.Of("release/release.sigstore.json"));
        Assert.Contains("signature absent", await this.project.OkAsync("card create report/report.json --release release --out card.html"), StringComparison.Ordinal);
        Assert.Contains("Not signed: there is no signature beside the release.", File.ReadAllText(this.project.Of("card.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_readme_that_is_there_is_never_written_over()
    {
        await this.ReleaseAsync();
        File.WriteAllText(this.project.Of("README.md"), "# Mine\n");
        var refused = await this.project.RunAsync("card create report/report.json --out README.md");
        Assert.Equal(ExitCode.Error, refused.Code);
        Assert.Equal("# Mine\n", File.ReadAllText(this.project.Of("README.md")));
        await this.project.OkAsync("card create report/report.json --out README.md --update");
        Assert.Contains("\n# Mine\n", File.ReadAllText(this.project.Of("README.md")), StringComparison.Ordinal);
        var read = JsonNode.Parse(await this.project.OkAsync("card read README.md --out metrics.json --json"))!;
        Assert.NotEmpty(read["metrics"]!.AsArray());
        Assert.True(JsonNode.Parse(File.ReadAllText(this.project.Of("metrics.json")))!.AsObject().Count == 1);
    }

    [Theory]
    [InlineData("card create report/report.json --out card.docx")]
    [InlineData("card create nowhere.json --out card.html")]
    [InlineData("card create report/report.json --details nowhere.yaml --out card.html")]
    [InlineData("card create report/report.json --release nowhere --out card.html")]
    [InlineData("card create report/report.json --update --out card.pdf")]
    [InlineData("card read nowhere.md")]
    public async Task What_is_not_there_or_no_card_is_an_error(string command) => Assert.Equal(ExitCode.Error, (await this.project.RunAsync(command)).Code);

    private async Task ReleaseAsync()
    {
        await this.project.CommitAsync();
        await this.project.EvaluateAsync();
        await this.project.OkAsync("release keygen --out keys/key.pem");
        await this.project.OkAsync("release create --model model.onnx --evaluation evaluation.json --predictions predictions.csv.gz --verdict verdict.json --golden-data test.csv --version v1.2.3 --out release");
        await this.project.OkAsync("report --out report");
    }
}
