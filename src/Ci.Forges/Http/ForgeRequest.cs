namespace Ci.Forges.Http;

/// <summary>One call of a forge's API.</summary>
/// <param name="Method">GET, POST, PATCH, PUT or DELETE.</param>
/// <param name="Path">Relative to the API's root, escaped, with its query; or an absolute address (next pages).</param>
/// <param name="What">For messages: "list the comments of #12".</param>
internal sealed record ForgeRequest(HttpMethod Method, string Path, string What)
{
    public byte[]? Json { get; init; }

    /// <summary>What the body is, where it is no JSON.</summary>
    public string? MediaType { get; init; }

    /// <summary>Doing it twice is as good as once. Otherwise it is repeated only where it surely was not done.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>The permission that it takes, in the vendor's words; for messages where the forge itself names none.</summary>
    public string? Needs { get; init; }
}
