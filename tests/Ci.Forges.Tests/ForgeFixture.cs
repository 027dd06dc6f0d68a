using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

/// <summary>A simulated forge with one repository, a main branch, and an open pull request #1 from change to main.</summary>
public sealed class ForgeFixture : IAsyncDisposable
{
    public const string Slug = "acme/energy-load";

    private readonly string folder;

    public required GitHubSimulator Forge { get; init; }

    public SimulatedRepository Repository => this.Forge.Repository(Slug);

    public string HeadSha => this.Repository.Branch("change")!;

    private ForgeFixture(string folder) => this.folder = folder;

    public static async Task<ForgeFixture> StartAsync(bool withPull = true)
    {
        var place = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var fixture = new ForgeFixture(place) { Forge = await GitHubSimulator.StartAsync(place) };
        var repository = fixture.Forge.CreateRepository(Slug);
        repository.CommitFiles("main", "Start", ("a.txt", "a"));
        repository.CommitFiles("change", "Change", ("b.txt", "b"));
        if (withPull)
        {
            using var person = fixture.Open(fixture.Forge.AddToken("ada"));
            await person.PullRequests.OpenAsync("A change", "", "change", "main");
        }

        return fixture;
    }

    /// <summary>A client; by default as the job.</summary>
    public IForge Open(string? token = null, ForgeOptions? options = null) => ForgeProviders.Open(
        new ForgeAddress
        {
            Vendor = "github", ApiUrl = this.Forge.ApiUrl, ServerUrl = this.Forge.ServerUrl, Repository = Slug, Token = token ?? this.Forge.JobToken,
        },
        options ?? new ForgeOptions { FirstPause = TimeSpan.FromMilliseconds(5), Deadline = TimeSpan.FromSeconds(10) });

    public async ValueTask DisposeAsync()
    {
        await this.Forge.DisposeAsync();
        Directory.Delete(this.folder, recursive: true);
    }
}
