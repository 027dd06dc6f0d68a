namespace Ci.Testing.Forge;

/// <summary>The areas of permission, as GitHub names them.</summary>
public enum Area
{
    Contents,
    Issues,
    PullRequests,
    Checks,
    Statuses,
    Actions,
}
