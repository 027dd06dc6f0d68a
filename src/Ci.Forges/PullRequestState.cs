namespace Ci.Forges;

/// <summary>Where a pull request stands.</summary>
public enum PullRequestState
{
    Open,
    Closed,
    Merged,
}
