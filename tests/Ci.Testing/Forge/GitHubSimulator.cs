using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;

namespace Ci.Testing.Forge;

/// <summary>
/// A forge that speaks GitHub's REST API and Git's smart HTTP on a loopback port, with real repositories on disk: stateful, strict
/// about tokens, rights and bodies, and it remembers every request.
/// </summary>
public sealed class GitHubSimulator : ForgeSimulator
{
    private readonly ConcurrentDictionary<string, SimulatedToken> tokens = new(StringComparer.Ordinal);
    private int lastToken;

    private GitHubSimulator(string folder, TextWriter? log, TimeProvider time)
        : base(folder, log, time) => this.JobToken = this.AddToken(this.JobLogin, isApp: true);

    public override string Vendor => "github";

    /// <summary>The root of the API, e.g. http://127.0.0.1:40123/api/v3 (no slash at the end).</summary>
    public override Uri ApiUrl => new(this.ServerUrl, "api/v3");

    /// <summary>A job's installation token that may do everything; more by <see cref="AddToken"/>.</summary>
    public override string JobToken { get; }

    public override string JobLogin => "github-actions[bot]";

    /// <summary>Starts a forge on a free loopback port.</summary>
    /// <param name="folder">Where repositories lie; made if absent.</param>
    /// <param name="log">One plain line a request, if wanted.</param>
    /// <param name="time">Clock of creation dates.</param>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<GitHubSimulator> StartAsync(string folder, TextWriter? log = null, TimeProvider? time = null, int port = 0)
    {
        var forge = new GitHubSimulator(folder, log, time ?? TimeProvider.System);
        await forge.ListenAsync(port);
        return forge;
    }

    public override SimulatedRepository CreateRepository(string slug, bool isPrivate = false) =>
        slug.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && !slug.Contains("..", StringComparison.Ordinal)
            ? base.CreateRepository(slug, isPrivate)
            : throw new ArgumentException($"'{slug}' is not owner/name", nameof(slug));

    /// <summary>A new token; by default a person's with all rights.</summary>
    public string AddToken(string login, IReadOnlyDictionary<Area, Access>? rights = null, bool isApp = false)
    {
        var value = $"{(isApp ? "ghs" : "ghp")}_simulated{Interlocked.Increment(ref this.lastToken):D26}";
        this.tokens[value] = new SimulatedToken(value, login, isApp, rights ?? SimulatedToken.Everything);
        return value;
    }

    public override string AddPerson(string login) => this.AddToken(login);

    public override string AddReader(string login) => this.AddToken(login, SimulatedToken.ReadOnly);

    public override void Approve(string slug, int pull, string login)
    {
        var reviewed = this.Pulls(slug).Single(p => p.Number == pull);
        reviewed.Reviews.Add(new SimulatedReview(this.NextId(), login, "APPROVED", reviewed.HeadSha, this.Now()));
    }

    /// <summary>Repository events that were sent: type and payload.</summary>
    public IReadOnlyList<(string Type, string Payload)> Dispatches(string slug) => this.Locked(() => this.Repository(slug).DispatchList.ToList());

    /// <summary>Runs that were started again.</summary>
    public IReadOnlyList<(long Run, bool FailedOnly)> Reruns(string slug) => this.Locked(() => this.Repository(slug).RerunList.ToList());

    /// <summary>Lets a workflow run exist, so that it can be started again.</summary>
    public void AddRun(string slug, long id) => this.Locked(() => this.Repository(slug).Runs.Add(id));

    internal override void Map(WebApplication app) => SimulatorServer.Map(app, this);

    internal SimulatedToken? FindToken(string value) => this.tokens.GetValueOrDefault(value);
}
