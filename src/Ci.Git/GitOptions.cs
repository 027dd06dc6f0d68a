namespace Ci.Git;

/// <summary>How git is called.</summary>
public sealed record GitOptions
{
    /// <summary>Author and committer of commits and tags made here.</summary>
    public string AuthorName { get; init; } = "mlops";

    /// <inheritdoc cref="AuthorName"/>
    public string AuthorEmail { get; init; } = "mlops@localhost";

    /// <summary>Sent to http(s) remotes as basic authentication, to the remote's own host only and never on a command line.</summary>
    public string? Token { get; init; }

    /// <summary>The user name that goes with the token; GitHub and GitLab take any of their documented names.</summary>
    public string? TokenUser { get; init; }

    /// <summary>Variables set on top of the ones that this process has. Those that would redirect git (<c>GIT_DIR</c> …) are dropped.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest time for one call of git; default ten minutes. Reaching it is <see cref="GitUnavailableException"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A fetch is ended when the repository's folder would have more bytes than this; null: however many the remote sends. What git does
    /// not do by itself: a remote may send without end.
    /// </summary>
    public long? MostFetchedBytes { get; init; }

    /// <summary>The clock that dates commits and tags; null leaves it to git.</summary>
    public TimeProvider? Time { get; init; }
}
