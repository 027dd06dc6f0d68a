using Ci.Git;
using Ci.Releases;
using Ci.Testing;

namespace Ci.Registry.Tests;

public sealed class TagRegistryTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private GitRepository repository = null!;
    private TagRegistry registry = null!;

    public async Task InitializeAsync()
    {
        repository = await GitRepository.InitAsync(folder.Path, o: new GitOptions { Environment = GitIsolation.Environment });
        await this.CommitAsync("one");
        registry = new TagRegistry(repository);
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_first_version_is_0_0_1_and_the_next_ones_are_bumped()
    {
        Assert.Equal("rf@v0.0.1", await registry.RegisterAsync("rf", "HEAD"));
        await this.CommitAsync("two");
        Assert.Equal("rf@v0.0.2", await registry.RegisterAsync("rf", "HEAD"));
        await this.CommitAsync("three");
        Assert.Equal("rf@v0.1.0", await registry.RegisterAsync("rf", "HEAD", minor: true));
        Assert.Equal("v0.1.0", (await registry.ReadAsync()).Find("rf")!.Latest);
    }

    [Fact]
    public async Task A_commit_takes_one_version_of_an_artifact()
    {
        await registry.RegisterAsync("rf", "HEAD");
        var error = await Assert.ThrowsAsync<RegistryException>(() => registry.RegisterAsync("rf", "HEAD", SemanticVersion.Parse("3.0.0")));
        Assert.Equal("'rf' is already registered in this commit with version 'v0.0.1'", error.Message);
    }

    [Fact]
    public async Task The_counter_runs_over_all_stages_and_the_last_assignment_counts()
    {
        await registry.RegisterAsync("rf", "HEAD");
        await this.CommitAsync("two");
        await registry.RegisterAsync("rf", "HEAD");
        Assert.Equal("rf#dev#1", await registry.AssignAsync("rf", "dev"));
        Assert.Equal("rf#prod#2", await registry.AssignAsync("rf", "prod", "v0.0.2"));
        Assert.Equal("rf#prod#3", await registry.AssignAsync("rf", "prod", "0.0.1"));
        Assert.Null(await registry.AssignAsync("rf", "prod", "0.0.1"));
        Assert.Equal("v0.0.1", (await registry.ReadAsync()).Find("rf")!.Stages["prod"]);
        Assert.Equal("rf#prod!#4", await registry.DeprecateAsync("rf", "v0.0.1", "prod"));
        Assert.Equal("v0.0.2", (await registry.ReadAsync()).Find("rf")!.Stages["prod"]);
    }

    [Fact]
    public async Task A_deregistered_version_is_gone_and_its_number_stays_used()
    {
        await registry.RegisterAsync("rf", "HEAD");
        Assert.Equal("rf@v0.0.1!", await registry.DeprecateAsync("rf", "v0.0.1"));
        Assert.Empty((await registry.ReadAsync()).Find("rf")!.Versions);
        await Assert.ThrowsAsync<RegistryException>(() => registry.RegisterAsync("rf", "HEAD", SemanticVersion.Parse("0.0.1")));
    }

    [Fact]
    public async Task A_whole_artifact_can_be_deprecated()
    {
        await registry.RegisterAsync("rf", "HEAD");
        Assert.Equal("rf@deprecated", await registry.DeprecateAsync("rf"));
        Assert.True((await registry.ReadAsync()).Find("rf")!.Deprecated);
    }

    [Fact]
    public async Task A_stage_needs_a_registered_version()
    {
        await registry.RegisterAsync("rf", "HEAD");
        Assert.Contains("v1.5.0", (await Assert.ThrowsAsync<RegistryException>(() => registry.AssignAsync("rf", "prod", "v1.5.0"))).Message, StringComparison.Ordinal);
        Assert.Contains("no versions", (await Assert.ThrowsAsync<RegistryException>(() => registry.AssignAsync("nn", "prod"))).Message, StringComparison.Ordinal);
    }

    private async Task CommitAsync(string text)
    {
        folder.Write("file.txt", text);
        await repository.AddAndCommitAsync(["file.txt"], text);
    }
}
