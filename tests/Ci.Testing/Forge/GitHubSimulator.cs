using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ci.Testing.Forge;

/// <summary>
/// A forge that speaks GitHub's REST API and Git's smart HTTP on a loopback port, with real repositories on disk: stateful, strict
/// about tokens, rights and bodies, and it remembers every request. State other than Git's lives in memory.
/// </summary>
public sealed class GitHubSimulator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SimulatedRepository> repositories = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, SimulatedToken> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<RecordedRequest> requests = new();
    private readonly TextWriter? log;
    private readonly TimeProvider time;
    private WebApplication? server;
    private long lastId = 1_000;
    private int lastToken;

    private GitHubSimulator(string folder, TextWriter? log, TimeProvider time)
    {
        (this.Folder, this.log, this.time) = (Path.GetFullPath(folder), log, time);
        this.JobToken = this.AddToken("github-actions[bot]", isApp: true);
    }

    /// <summary>Repositories lie here as OWNER/NAME.git.</summary>
    public string Folder { get; }

    /// <summary>The root of the API, e.g. http://127.0.0.1:40123/api/v3 (no slash at the end).</summary>
    public Uri ApiUrl => new(this.ServerUrl, "api/v3");

    /// <summary>E.g. http://127.0.0.1:40123/.</summary>
    public Uri ServerUrl { get; private set; } = new("http://127.0.0.1/");

    /// <summary>A job's installation token that may do everything; more by <see cref="AddToken"/>.</summary>
    public string JobToken { get; }

    public ForgeFaults Faults { get; } = new();

    /// <summary>All requests answered so far, in order.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. this.requests];

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => this.requests.Clear();

    // Git's processes and the state beside them change together or not at all.
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Starts a forge on a free loopback port.</summary>
    /// <param name="folder">Where repositories lie; made if absent.</param>
    /// <param name="log">One plain line a request, if wanted.</param>
    /// <param name="time">Clock of creation dates.</param>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<GitHubSimulator> StartAsync(string folder, TextWriter? log = null, TimeProvider? time = null, int port = 0)
    {
        Directory.CreateDirectory(folder);
        var forge = new GitHubSimulator(folder, log, time ?? TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null).UseUrls($"http://127.0.0.1:{port}");
        forge.server = builder.Build();
        forge.server.UseRouting();
        SimulatorServer.Map(forge.server, forge);
        await forge.server.StartAsync();
        var address = forge.server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        forge.ServerUrl = new Uri(address + "/");
        return forge;
    }

    /// <summary>An empty repository with the default branch main; returns it.</summary>
    public SimulatedRepository CreateRepository(string slug, bool isPrivate = false)
    {
        if (slug.Split('/') is not [{ Length: > 0 }, { Length: > 0 }] || slug.Contains("..", StringComparison.Ordinal))
            throw new ArgumentException($"'{slug}' is not owner/name", nameof(slug));
        var repository = new SimulatedRepository(slug, Path.Combine(this.Folder, slug + ".git"), isPrivate);
        return this.repositories.TryAdd(slug, repository) ? repository : throw new InvalidOperationException($"{slug} exists already");
    }

    public SimulatedRepository Repository(string slug) => this.Find(slug) ?? throw new ArgumentException($"no repository {slug}", nameof(slug));

    /// <summary>Where Git clones from and pushes to (over HTTP).</summary>
    public string GitUrl(string slug) => $"{this.ServerUrl.AbsoluteUri}{slug}.git";

    /// <summary>A new token; by default a person's with all rights.</summary>
    public string AddToken(string login, IReadOnlyDictionary<Area, Access>? rights = null, bool isApp = false)
    {
        var value = $"{(isApp ? "ghs" : "ghp")}_simulated{Interlocked.Increment(ref this.lastToken):D26}";
        this.tokens[value] = new SimulatedToken(value, login, isApp, rights ?? SimulatedToken.Everything);
        return value;
    }

    /// <summary>Pull requests of a repository, oldest first, as they stand now.</summary>
    public IReadOnlyList<SimulatedPull> Pulls(string slug) => this.Locked(() =>
    {
        var repository = this.Repository(slug);
        repository.PullList.ForEach(p => PullMerging.Refresh(repository, p, this.Now(), mergeabilityLate: false));
        return repository.PullList.ToList();
    });

    /// <summary>Comments of a repository, oldest first; a test may also write one as somebody.</summary>
    public IReadOnlyList<SimulatedComment> Comments(string slug) => this.Locked(() => this.Repository(slug).CommentList.OrderBy(c => c.Id).ToList());

    /// <summary>Check runs and statuses of a repository, oldest first.</summary>
    public IReadOnlyList<SimulatedCheck> Checks(string slug) => this.Locked(() => this.Repository(slug).CheckList.ToList());

    /// <summary>Repository events that were sent: type and payload.</summary>
    public IReadOnlyList<(string Type, string Payload)> Dispatches(string slug) => this.Locked(() => this.Repository(slug).DispatchList.ToList());

    /// <summary>Runs that were started again.</summary>
    public IReadOnlyList<(long Run, bool FailedOnly)> Reruns(string slug) => this.Locked(() => this.Repository(slug).RerunList.ToList());

    /// <summary>Lets a workflow run exist, so that it can be started again.</summary>
    public void AddRun(string slug, long id) => this.Locked(() => this.Repository(slug).Runs.Add(id));

    /// <summary>Somebody comments.</summary>
    public SimulatedComment AddComment(string slug, int pull, string author, string body) => this.Locked(() =>
    {
        var comment = new SimulatedComment
        {
            Id = this.NextId(), Author = author, PullRequest = pull, Body = body, CreatedAt = this.Now(), UpdatedAt = this.Now(),
        };
        this.Repository(slug).CommentList.Add(comment);
        return comment;
    });

    public async ValueTask DisposeAsync()
    {
        if (this.server is not null)
            await this.server.DisposeAsync();
        this.Gate.Dispose();
    }

    internal DateTimeOffset Now() => this.time.GetUtcNow();

    internal long NextId() => Interlocked.Increment(ref this.lastId);

    internal SimulatedRepository? Find(string slug) => this.repositories.GetValueOrDefault(slug);

    internal SimulatedToken? FindToken(string value) => this.tokens.GetValueOrDefault(value);

    internal void Record(RecordedRequest request)
    {
        this.requests.Enqueue(request);
        this.log?.WriteLine(request.ToString());
    }

    private T Locked<T>(Func<T> body)
    {
        this.Gate.Wait();
        try
        {
            return body();
        }
        finally
        {
            this.Gate.Release();
        }
    }
}
