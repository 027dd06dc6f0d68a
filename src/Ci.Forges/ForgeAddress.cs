namespace Ci.Forges;

/// <summary>Which repository on which forge, and as whom.</summary>
public sealed record ForgeAddress
{
    /// <summary>The vendor's name as the registered providers know it: "github" or "gitlab".</summary>
    public required string Vendor { get; init; }

    /// <summary>The root of the API, e.g. "https://api.github.com", "https://ghes.example/api/v3", "https://gitlab.example/api/v4".</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>Where people look, e.g. "https://github.com"; used for the addresses of published files.</summary>
    public Uri? ServerUrl { get; init; }

    /// <summary>The repository's path: "owner/name", or GitLab's "group/subgroup/name".</summary>
    public required string Repository { get; init; }

    /// <summary>The token; never written anywhere. Null asks anonymously.</summary>
    public string? Token { get; init; }

    // A record prints all its properties by default; a token must not reach a log that way.
    public override string ToString() => $"{this.Vendor} {this.Repository} at {this.ApiUrl.Authority}";
}
