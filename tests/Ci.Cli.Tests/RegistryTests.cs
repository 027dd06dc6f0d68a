using System.Text.Json.Nodes;

namespace Ci.Cli.Tests;

/// <summary><c>mlops registry</c> over a repository's tags.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly ModelProject project = new();

    public void Dispose() => this.project.Dispose();

    [Fact]
    public async Task Versions_and_stages_are_made_shown_told_and_taken_back()
    {
        await this.project.CommitAsync();
        Assert.Contains("energy-load@v1.0.0", await this.project.OkAsync("registry register energy-load --version 1.0.0"), StringComparison.Ordinal);
        Assert.Contains("already registered in this commit", (await this.project.RunAsync("registry register energy-load --bump-minor")).Error, StringComparison.Ordinal);
        Assert.Equal("other-model@v0.0.1", (string)(await this.JsonAsync("registry register other-model"))["tag"]!);
        Assert.Equal("energy-load#staging#1", (string)(await this.JsonAsync("registry assign energy-load --version 1.0.0 --stage staging"))["tag"]!);

        Assert.Contains("energy-load", (await this.JsonAsync("registry show")).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("v1.0.0", (await this.JsonAsync("registry show energy-load")).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("staging", (string)(await this.JsonAsync("registry stages"))[0]!);
        Assert.Equal(2, ((JsonArray)await this.JsonAsync("registry history energy-load --asc")).Count);
        Assert.Equal("energy-load", (string)(await this.JsonAsync("registry check-ref energy-load@v1.0.0"))["artifact"]!);
        Assert.Empty((JsonObject)await this.JsonAsync("registry check-ref nothing-of-ours"));

        Assert.NotNull((await this.JsonAsync("registry deprecate energy-load v1.0.0 staging"))["tag"]);
        Assert.StartsWith("name", await this.project.OkAsync("registry show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_artifact_that_is_not_there_is_named()
    {
        await this.project.CommitAsync();
        var answer = await this.project.RunAsync("registry show nosuch-model");
        Assert.Equal(ExitCode.Error, answer.Code);
        Assert.Contains("nosuch-model", answer.Error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> JsonAsync(string arguments) => JsonNode.Parse(await this.project.OkAsync(arguments + " --json"))!;
}
