namespace Ci.Forges.GitHub;

/// <summary>GitHub, github.com and Enterprise Server alike.</summary>
internal sealed class GitHubForge : IForge
{
    private readonly GitHubApi api;

    public GitHubForge(ForgeAddress address, ForgeOptions options, HttpMessageHandler? handler)
    {
        this.api = new GitHubApi(address, options, handler);
        this.Comments = new GitHubComments(this.api);
        this.PullRequests = new GitHubPullRequests(this.api);
        this.Checks = new GitHubChecks(this.api);
        this.Reviews = new GitHubReviews(this.api);
        this.Assets = new GitHubAssets(this.api);
        this.Dispatch = new GitHubDispatch(this.api);
    }

    public string Description => this.api.Description;

    public IComments Comments { get; }

    public IPullRequests PullRequests { get; }

    public IChecks Checks { get; }

    public IReviews? Reviews { get; }

    public IAssets? Assets { get; }

    public IDispatch? Dispatch { get; }

    public void Dispose() => this.api.Dispose();
}
