using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

/// <summary>A simulated forge of either vendor with one repository, a main branch, and an open pull request #1 from change to main.</summary>
public sealed class VendorFixture : IAsyncDisposable
{
    private readonly string folder;

    private VendorFixture(string folder, ForgeSimulator forge, string slug) => (this.folder, this.Forge, this.Slug) = (folder, forge, slug);

    public ForgeSimulator Forge { get; }

    /// <summary>"owner/name", or on GitLab "group/subgroup/name".</summary>
    public string Slug { get; }

    public SimulatedRepository Repository => this.Forge.Repository(this.Slug);

    public string HeadSha => this.Repository.Branch("change")!;

    /// <summary>What people wrote, and we.</summary>
    public IReadOnlyList<SimulatedComment> Comments => this.Forge.Comments(this.Slug);

    /// <summary>How many requests changed something so far.</summary>
    public int Writes => this.Forge.Requests.Count(r => r.Method is "POST" or "PUT" or "PATCH" or "DELETE" && !r.Path.EndsWith("/graphql", StringComparison.Ordinal));

    public static async Task<VendorFixture> StartAsync(string vendor, bool withPull = true, bool isPrivate = false)
    {
        var place = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        ForgeSimulator forge = vendor == "github" ? await GitHubSimulator.StartAsync(place) : await GitLabSimulator.StartAsync(place);
        var fixture = new VendorFixture(place, forge, vendor == "github" ? "acme/energy-load" : "acme/ml/energy-load");
        var repository = forge.CreateRepository(fixture.Slug, isPrivate);
        repository.CommitFiles("main", "Start", ("a.txt", "a"));
        repository.CommitFiles("change", "Change", ("b.txt", "b"));
        if (withPull)
        {
            using var person = fixture.Open(forge.AddPerson("ada"));
            await person.PullRequests.OpenAsync("A change", "", "change", "main");
        }

        return fixture;
    }

    /// <summary>A client; by default as the job. It finds the server's address by the API's, as on a laptop.</summary>
    public IForge Open(string? token = null, ForgeOptions? options = null) => ForgeProviders.Open(
        new ForgeAddress
        {
            Vendor = this.Forge.Vendor, ApiUrl = this.Forge.ApiUrl, ServerUrl = this.Forge.Vendor == "github" ? this.Forge.ServerUrl : null,
            Repository = this.Slug, Token = token ?? this.Forge.JobToken,
        },
        options ?? new ForgeOptions { FirstPause = TimeSpan.FromMilliseconds(5), Deadline = TimeSpan.FromSeconds(10) });

    /// <summary>Reads a published file, as somebody who may see the repository.</summary>
    public async Task<byte[]> DownloadAsync(Uri address)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add(this.Forge.Vendor == "github" ? "Authorization" : "PRIVATE-TOKEN", (this.Forge.Vendor == "github" ? "Bearer " : "") + this.Forge.JobToken);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await this.Forge.DisposeAsync();
        Directory.Delete(this.folder, recursive: true);
    }
}
