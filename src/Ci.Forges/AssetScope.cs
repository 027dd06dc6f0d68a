using System.Globalization;

namespace Ci.Forges;

/// <summary>What published files belong to: a pull request, with which they go, or the repository's commits.</summary>
public static class AssetScope
{
    /// <summary>Files of reports on commits: nothing closes them, so only a person prunes them.</summary>
    public const string Commits = "commits";

    /// <summary>"pull/12": pruned when the pull request closes.</summary>
    public static string OfPullRequest(int number) => string.Create(CultureInfo.InvariantCulture, $"pull/{number}");

    /// <summary>The scope of what hangs on this target.</summary>
    public static string Of(CommentTarget target) => target.PullRequest is { } number ? OfPullRequest(number) : Commits;

    /// <summary>The scope as it was written; it becomes part of a ref's name, hence nothing else passes.</summary>
    /// <exception cref="ForgeException">It is neither "pull/NUMBER" nor "commits".</exception>
    public static string Check(string scope) =>
        scope == Commits
        || (scope.Split('/') is ["pull", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && scope == OfPullRequest(parsed) && parsed > 0)
            ? scope
            : throw new ForgeException($"'{scope}' is no scope of published files: it is pull/NUMBER or {Commits}");
}
