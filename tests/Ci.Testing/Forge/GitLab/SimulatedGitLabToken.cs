namespace Ci.Testing.Forge;

/// <summary>A token with its owner and rights.</summary>
/// <param name="Value">With the prefix of its kind: glpat- (personal and project access), glcbt- (a job's), 64 hexadecimal digits (OAuth).</param>
/// <param name="Login">Whose it is.</param>
/// <param name="Role">The owner's role in every project.</param>
/// <param name="Scopes">"api", "read_api" …; a job token has none and reaches what GitLab lists for it.</param>
public sealed record SimulatedGitLabToken(string Value, string Login, GitLabRole Role, IReadOnlyList<string> Scopes)
{
    public bool IsJob => this.Value.StartsWith("glcbt-", StringComparison.Ordinal);

    public bool IsOAuth => this.Value.Length == 64;

    /// <summary>Whether its scopes let it read, or write.</summary>
    public bool Reaches(bool writes) => this.IsJob || this.Scopes.Contains("api") || (!writes && this.Scopes.Contains("read_api"));
}
