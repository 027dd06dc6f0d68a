namespace Ci.Testing.Forge;

/// <summary>Every address of the API that the simulator knows, one line each; all others are 404.</summary>
internal static class RouteTable
{
    private const string R = "/api/v3/repos/{owner}/{name}";

    public static IReadOnlyList<(string Method, string Pattern, Func<ApiCall, ApiAnswer> Answer)> All { get; } =
    [
        ("GET", "/api/v3/user", MiscRoutes.User),
        ("POST", "/api/graphql", GraphQlRoutes.Answer),
        ("POST", "/api/v3/graphql", GraphQlRoutes.Answer),
        ("GET", R, MiscRoutes.Repository),
        ("POST", R + "/dispatches", MiscRoutes.Dispatch),
        ("POST", R + "/actions/runs/{id}/rerun", c => MiscRoutes.Rerun(c, false)),
        ("POST", R + "/actions/runs/{id}/rerun-failed-jobs", c => MiscRoutes.Rerun(c, true)),
        ("GET", R + "/issues/{number}/comments", CommentRoutes.ListOfPull),
        ("POST", R + "/issues/{number}/comments", CommentRoutes.CreateOnPull),
        ("GET", R + "/issues/comments/{id}", c => CommentRoutes.Get(c, onCommit: false)),
        ("PATCH", R + "/issues/comments/{id}", c => CommentRoutes.Update(c, onCommit: false)),
        ("DELETE", R + "/issues/comments/{id}", c => CommentRoutes.Delete(c, onCommit: false)),
        ("GET", R + "/commits/{sha}/comments", CommentRoutes.ListOfCommit),
        ("POST", R + "/commits/{sha}/comments", CommentRoutes.CreateOnCommit),
        ("PATCH", R + "/comments/{id}", c => CommentRoutes.Update(c, onCommit: true)),
        ("DELETE", R + "/comments/{id}", c => CommentRoutes.Delete(c, onCommit: true)),
        ("GET", R + "/pulls", PullRoutes.List),
        ("POST", R + "/pulls", PullRoutes.Create),
        ("GET", R + "/pulls/{number}", PullRoutes.Get),
        ("PATCH", R + "/pulls/{number}", PullRoutes.Update),
        ("PUT", R + "/pulls/{number}/merge", MergeRoutes.Merge),
        ("GET", R + "/pulls/{number}/reviews", PullRoutes.Reviews),
        ("POST", R + "/pulls/{number}/reviews", PullRoutes.Review),
        ("GET", R + "/commits/{sha}/pulls", PullRoutes.OfCommit),
        ("POST", R + "/check-runs", CheckRoutes.Create),
        ("GET", R + "/check-runs/{id}", CheckRoutes.Get),
        ("PATCH", R + "/check-runs/{id}", CheckRoutes.Update),
        ("GET", R + "/commits/{sha}/check-runs", CheckRoutes.List),
        ("POST", R + "/statuses/{sha}", CheckRoutes.CreateStatus),
        ("GET", R + "/commits/{sha}/status", CheckRoutes.CombinedStatus),
        ("GET", R + "/git/ref/{**reference}", GitDataRoutes.GetRef),
        ("POST", R + "/git/refs", GitDataRoutes.CreateRef),
        ("PATCH", R + "/git/refs/{**reference}", GitDataRoutes.UpdateRef),
        ("DELETE", R + "/git/refs/{**reference}", GitDataRoutes.DeleteRef),
        ("POST", R + "/git/blobs", GitDataRoutes.CreateBlob),
        ("GET", R + "/git/blobs/{sha}", GitDataRoutes.GetBlob),
        ("POST", R + "/git/trees", GitDataRoutes.CreateTree),
        ("GET", R + "/git/trees/{sha}", GitDataRoutes.GetTree),
        ("POST", R + "/git/commits", GitDataRoutes.CreateCommit),
        ("GET", R + "/git/commits/{sha}", GitDataRoutes.GetCommit),
    ];
}
