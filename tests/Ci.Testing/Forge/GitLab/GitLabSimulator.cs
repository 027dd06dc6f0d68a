using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;

namespace Ci.Testing.Forge;

/// <summary>
/// A forge that speaks GitLab's REST API (v4) and Git's smart HTTP on a loopback port, with real repositories on disk: stateful, strict
/// about tokens, roles, paths and parameters, and it remembers every request. Installed below /gitlab, as self-managed ones often are.
/// </summary>
public sealed class GitLabSimulator : ForgeSimulator
{
    /// <summary>The path below which this GitLab is installed.</summary>
    public const string Below = "/gitlab";

    private readonly ConcurrentDictionary<string, SimulatedGitLabToken> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GitLabProjectState> projects = new(StringComparer.OrdinalIgnoreCase);
    private int lastToken;

    private GitLabSimulator(string folder, TextWriter? log, TimeProvider time)
        : base(folder, log, time) => this.JobToken = this.AddToken(this.JobLogin, GitLabRole.Maintainer);

    public override string Vendor => "gitlab";

    public override Uri ApiUrl => new($"{this.ServerUrl.AbsoluteUri.TrimEnd('/')}/api/v4");

    public override Uri ServerUrl => new(this.Root, Below.TrimStart('/') + "/");

    /// <summary>A project access token (its user is a bot) with the role Maintainer; a job's own is <see cref="AddJobToken"/>.</summary>
    public override string JobToken { get; }

    public override string JobLogin => "project_7_bot_5e1f";

    /// <summary>Starts a forge on a free loopback port.</summary>
    /// <param name="folder">Where repositories lie; made if absent.</param>
    /// <param name="log">One plain line a request, if wanted.</param>
    /// <param name="time">Clock of creation dates.</param>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<GitLabSimulator> StartAsync(string folder, TextWriter? log = null, TimeProvider? time = null, int port = 0)
    {
        var forge = new GitLabSimulator(folder, log, time ?? TimeProvider.System);
        await forge.ListenAsync(port);
        return forge;
    }

    public override SimulatedRepository CreateRepository(string slug, bool isPrivate = false)
    {
        if (slug.Split('/') is not [_, _, ..] parts || parts.Any(p => p.Length == 0 || p[0] is '.' or '-'))
            throw new ArgumentException($"'{slug}' is not group/…/project", nameof(slug));
        this.projects[slug] = new GitLabProjectState();
        return base.CreateRepository(slug, isPrivate);
    }

    /// <summary>A new access token of somebody with a role in all projects.</summary>
    public string AddToken(string login, GitLabRole role, params string[] scopes) => this.Add("glpat-", login, role, scopes);

    /// <summary>A job's CI_JOB_TOKEN: reads merge requests and notes, starts pipelines, and is refused the rest.</summary>
    public string AddJobToken(string login = "ada", GitLabRole role = GitLabRole.Developer) => this.Add("glcbt-64_", login, role, []);

    /// <summary>An application's token, which goes into a Bearer header.</summary>
    public string AddOAuthToken(string login, GitLabRole role)
    {
        var value = Interlocked.Increment(ref this.lastToken).ToString("x64", CultureInfo.InvariantCulture);
        this.tokens[value] = new SimulatedGitLabToken(value, login, role, ["api"]);
        return value;
    }

    public override string AddPerson(string login) => this.AddToken(login, GitLabRole.Developer);

    public override string AddReader(string login) => this.AddToken(login, GitLabRole.Reporter, "read_api");

    public override void Approve(string slug, int pull, string login)
    {
        // A moment later than the push that it answers.
        Thread.Sleep(2);
        var approved = this.Pulls(slug).Single(p => p.Number == pull);
        this.Locked(() =>
        {
            MergeRequestRoutes.Approve(this, this.Repository(slug), approved, login);
            return true;
        });
    }

    /// <summary>Somebody reviews and asks for changes.</summary>
    public void RequestChanges(string slug, int pull, string login) => this.Pulls(slug).Single(p => p.Number == pull)
        .Reviews.Add(new SimulatedReview(this.NextId(), login, "CHANGES_REQUESTED", "", this.Now()));

    /// <summary>Somebody proposes a branch of a fork.</summary>
    public SimulatedPull OpenFromFork(string slug, string head, string @base, string fork, string author) => this.Locked(() =>
    {
        var repository = this.Repository(slug);
        var pull = new SimulatedPull
        {
            Number = ++repository.LastNumber, Id = this.NextId(), Author = author, Title = "From a fork", Head = head, Base = @base, ForkOf = fork, CreatedAt = this.Now(), UpdatedAt = this.Now(),
        };
        repository.PullList.Add(pull);
        return pull;
    });

    /// <summary>The settings of a project and what only GitLab hangs on it.</summary>
    public GitLabProjectState Project(string slug) => this.projects[slug];

    internal override void Map(WebApplication app) => GitLabServer.Map(app, this);

    internal SimulatedGitLabToken? FindToken(string value) => this.tokens.GetValueOrDefault(value);

    internal SimulatedRepository? FindProject(string idOrPath) => long.TryParse(idOrPath, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? this.projects.Keys.Select(this.Find).FirstOrDefault(r => r is not null && GitLabShapes.StableId(r.Slug) == number)
        : this.Find(idOrPath);

    internal GitLabProjectState StateOf(SimulatedRepository repository) => this.projects[repository.Slug];

    // GitLab notes pushes, and closing by other ways, in the merge request's thread.
    internal void Refresh(SimulatedRepository repository, SimulatedPull pull)
    {
        var versions = pull.Versions.Count;
        PullMerging.Refresh(repository, pull, this.Now(), this.Faults.MergeabilityComesLate);
        if (versions > 0 && pull.Versions.Count > versions)
            this.Note(repository, pull, pull.Author, $"added 1 commit\n\n* {pull.HeadSha[..8]} - Change");
    }

    internal void Note(SimulatedRepository repository, SimulatedPull pull, string login, string text)
    {
        var now = this.Now();
        repository.CommentList.Add(new SimulatedComment
        {
            Id = this.NextId(), Author = login, PullRequest = pull.Number, Body = text, CreatedAt = now, UpdatedAt = now, IsSystem = true,
        });
    }

    private string Add(string prefix, string login, GitLabRole role, string[] scopes)
    {
        var value = $"{prefix}simulated{Interlocked.Increment(ref this.lastToken):D11}";
        this.tokens[value] = new SimulatedGitLabToken(value, login, role, scopes.Length == 0 ? ["api"] : scopes);
        return value;
    }
}
