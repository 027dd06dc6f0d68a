using System.Text.Json;
using Ci.Git;
using Ci.Testing;

namespace Ci.Registry.Tests;

/// <summary>Reads the repository that GTO 1.8.0 wrote and compares with what GTO said about it.</summary>
public sealed class GtoFixtureTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private RegistrySnapshot registry = null!;
    private TagRegistry tags = null!;

    public async Task InitializeAsync()
    {
        var repository = await GitRepository.CloneAsync(
            Path.Combine(AppContext.BaseDirectory, "gto", "repo.bundle"), folder.Of("repo"), new GitOptions { Environment = GitIsolation.Environment }, bare: true);
        tags = new TagRegistry(repository);
        registry = await tags.ReadAsync();
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Versions_and_stages_are_those_that_gto_shows()
    {
        using var shown = JsonDocument.Parse(Fixture("show_--json.json"));
        foreach (var expected in shown.RootElement.EnumerateObject())
        {
            // gto makes a ghost of an artifact whose only tag deregisters it; here that is a problem that is told.
            if (expected.Name == "a")
            {
                Assert.Null(registry.Find("a"));
                Assert.Contains(registry.Problems, problem => problem.StartsWith("a@v1.0.0!", StringComparison.Ordinal));
                continue;
            }

            var artifact = registry.Find(expected.Name);
            Assert.NotNull(artifact);
            Assert.Equal(expected.Value.GetProperty("version").GetString(), artifact.Latest);
            var stages = expected.Value.GetProperty("stage").EnumerateObject()
                .Where(stage => stage.Value.ValueKind == JsonValueKind.String).ToDictionary(stage => stage.Name, stage => stage.Value.GetString()!);
            Assert.Equal(stages.OrderBy(s => s.Key), artifact.Stages.OrderBy(s => s.Key));
        }
    }

    [Fact]
    public void The_deprecated_artifact_is_the_only_one_that_gto_hides()
    {
        var hidden = Assert.Single(registry.Artifacts, artifact => artifact.Deprecated);
        Assert.Equal("some/dir:nn", hidden.Name);
    }

    [Fact]
    public void Every_event_of_gto_s_history_is_here_with_its_facts()
    {
        using var history = JsonDocument.Parse(Fixture("history_--json.json"));
        var expected = history.RootElement.EnumerateArray().Where(e => e.GetProperty("artifact").GetString() != "a").ToList();
        Assert.Equal(expected.Count, registry.Events.Count);
        foreach (var item in expected)
        {
            var found = Assert.Single(registry.Events, e => e.Ref == item.GetProperty("ref").GetString());
            Assert.Equal(item.GetProperty("event").GetString(), found.Event);
            Assert.Equal(item.GetProperty("version").GetString(), found.Version);
            Assert.Equal(item.GetProperty("stage").GetString(), found.Stage);
            Assert.Equal(item.GetProperty("commit").GetString(), found.Commit);
            Assert.Equal(item.GetProperty("author_email").GetString(), found.AuthorEmail);
            Assert.Equal(item.GetProperty("message").GetString(), found.Message);
            Assert.Equal(item.GetProperty("timestamp").GetDateTimeOffset(), found.Timestamp);
        }
    }

    [Fact]
    public void Stages_are_those_that_gto_lists()
    {
        using var stages = JsonDocument.Parse(Fixture("stages_--json.json"));
        Assert.Equal(stages.RootElement.EnumerateArray().Select(s => s.GetString()!), registry.Stages);
    }

    [Theory]
    [InlineData("rf@v0.0.1", "check-ref_rf_v0.0.1_--json.json")]
    [InlineData("rf#dev#1", "check-ref_rf_dev_1_--json.json")]
    public async Task A_ref_is_told_as_gto_tells_it(string name, string file)
    {
        using var expected = JsonDocument.Parse(Fixture(file));
        var found = await tags.CheckRefAsync(name);
        Assert.Equal(expected.RootElement.GetProperty("event").GetString(), found!.Event);
        Assert.Equal(expected.RootElement.GetProperty("version").GetString(), found.Version);
        Assert.Equal(expected.RootElement.GetProperty("commit_hexsha").GetString(), found.Commit);
    }

    [Fact]
    public async Task An_unknown_ref_is_no_error() => Assert.Null(await tags.CheckRefAsync("nosuch@v1.0.0"));

    [Theory]
    [InlineData("rf@v1.0.0.0")]
    [InlineData("rf@v8.0.0#dev")]
    [InlineData("rf@v7.0.0")]
    [InlineData("rf#prod:")]
    [InlineData("some=dir=x@v1.0.0")]
    [InlineData("weird#tag@x")]
    public void A_malformed_or_lightweight_tag_is_reported_and_skipped(string start) =>
        Assert.Contains(registry.Problems, problem => problem.StartsWith(start, StringComparison.Ordinal));

    [Fact]
    public void A_tag_of_somebody_else_is_not_our_business() => Assert.DoesNotContain(registry.Problems, problem => problem.StartsWith("v1.0.0", StringComparison.Ordinal));

    private static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gto", name));
}
