namespace Ci.Forges.GitLab;

/// <summary>GitLab, gitlab.com and self-managed alike.</summary>
internal sealed class GitLabForge : IForge
{
    private readonly GitLabApi api;

    public GitLabForge(ForgeAddress address, ForgeOptions options, HttpMessageHandler? handler)
    {
        this.api = new GitLabApi(address, options, handler);
        this.Comments = new GitLabComments(this.api);
        this.PullRequests = new GitLabPullRequests(this.api);
        this.Checks = new GitLabChecks(this.api);
        this.Reviews = new GitLabReviews(this.api);
        this.Assets = new GitLabAssets(this.api);
        this.Dispatch = new GitLabDispatch(this.api);
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
