using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ci.Testing.Forge;

/// <summary>
/// What every simulated forge has: a server on a loopback port, real repositories, faults, a clock, a record of every request. State other
/// than Git's lives in memory.
/// </summary>
public abstract class ForgeSimulator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SimulatedRepository> repositories = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<RecordedRequest> requests = new();
    private readonly TextWriter? log;
    private readonly TimeProvider time;
    private WebApplication? server;
    private long lastId = 1_000;

    private protected ForgeSimulator(string folder, TextWriter? log, TimeProvider time) =>
        (this.Folder, this.log, this.time) = (Path.GetFullPath(folder), log, time);

    /// <summary>The vendor's name as the clients know it.</summary>
    public abstract string Vendor { get; }

    /// <summary>The root of the API, no slash at the end.</summary>
    public abstract Uri ApiUrl { get; }

    /// <summary>Where people look; by default the server's root.</summary>
    public virtual Uri ServerUrl => this.Root;

    /// <summary>A job's token that may do everything a bot needs.</summary>
    public abstract string JobToken { get; }

    /// <summary>As whom the job's comments appear.</summary>
    public abstract string JobLogin { get; }

    /// <summary>Repositories lie here as OWNER/NAME.git.</summary>
    public string Folder { get; }

    public ForgeFaults Faults { get; } = new();

    /// <summary>All requests answered so far, in order.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. this.requests];

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => this.requests.Clear();

    /// <summary>E.g. http://127.0.0.1:40123/.</summary>
    protected Uri Root { get; private set; } = new("http://127.0.0.1/");

    // Git's processes and the state beside them change together or not at all.
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>A token of a person who may write.</summary>
    public abstract string AddPerson(string login);

    /// <summary>A token that may read and write nothing.</summary>
    public abstract string AddReader(string login);

    /// <summary>Somebody approves what stands at the head of a pull request now.</summary>
    public abstract void Approve(string slug, int pull, string login);

    /// <summary>An empty repository with the default branch main; returns it.</summary>
    public virtual SimulatedRepository CreateRepository(string slug, bool isPrivate = false)
    {
        var repository = new SimulatedRepository(slug, Path.Combine(this.Folder, slug + ".git"), isPrivate);
        return this.repositories.TryAdd(slug, repository) ? repository : throw new InvalidOperationException($"{slug} exists already");
    }

    public SimulatedRepository Repository(string slug) => this.Find(slug) ?? throw new ArgumentException($"no repository {slug}", nameof(slug));

    /// <summary>Where Git clones from and pushes to (over HTTP).</summary>
    public string GitUrl(string slug) => $"{this.ServerUrl.AbsoluteUri.TrimEnd('/')}/{slug}.git";

    /// <summary>Pull requests of a repository, oldest first, as they stand now.</summary>
    public IReadOnlyList<SimulatedPull> Pulls(string slug) => this.Locked(() =>
    {
        var repository = this.Repository(slug);
        repository.PullList.ForEach(p => PullMerging.Refresh(repository, p, this.Now(), mergeabilityLate: false));
        return repository.PullList.ToList();
    });

    /// <summary>Comments of a repository that somebody wrote, oldest first; a test may also write one as somebody.</summary>
    public IReadOnlyList<SimulatedComment> Comments(string slug) =>
        this.Locked(() => this.Repository(slug).CommentList.Where(c => !c.IsSystem).OrderBy(c => c.Id).ToList());

    /// <summary>Check runs and statuses of a repository, oldest first.</summary>
    public IReadOnlyList<SimulatedCheck> Checks(string slug) => this.Locked(() => this.Repository(slug).CheckList.ToList());

    /// <summary>Somebody comments; a system comment is the forge's own ("added 1 commit").</summary>
    public SimulatedComment AddComment(string slug, int pull, string author, string body, bool isSystem = false) => this.Locked(() =>
    {
        var comment = new SimulatedComment
        {
            Id = this.NextId(), Author = author, PullRequest = pull, Body = body, CreatedAt = this.Now(), UpdatedAt = this.Now(), IsSystem = isSystem,
        };
        this.Repository(slug).CommentList.Add(comment);
        return comment;
    });

    /// <summary>A pull request vanishes, with its comments.</summary>
    public void DeletePull(string slug, int number) => this.Locked(() => this.Repository(slug).PullList.RemoveAll(p => p.Number == number));

    public async ValueTask DisposeAsync()
    {
        if (this.server is not null)
            await this.server.DisposeAsync();
        this.Gate.Dispose();
        GC.SuppressFinalize(this);
    }

    internal abstract void Map(WebApplication app);

    internal DateTimeOffset Now() => this.time.GetUtcNow();

    internal long NextId() => Interlocked.Increment(ref this.lastId);

    internal SimulatedRepository? Find(string slug) => this.repositories.GetValueOrDefault(slug);

    internal void Record(RecordedRequest request)
    {
        this.requests.Enqueue(request);
        this.log?.WriteLine(request.ToString());
    }

    private protected async Task ListenAsync(int port)
    {
        Directory.CreateDirectory(this.Folder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null).UseUrls($"http://127.0.0.1:{port}");
        this.server = builder.Build();
        this.server.UseRouting();
        this.Map(this.server);
        await this.server.StartAsync();
        this.Root = new Uri(this.server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
    }

    private protected T Locked<T>(Func<T> body)
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
