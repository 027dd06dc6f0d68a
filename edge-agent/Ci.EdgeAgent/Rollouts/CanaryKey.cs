namespace Ci.EdgeAgent.Rollouts;

/// <summary>What makes requests belong together during a canary: a header, such as a user's or a line's name. It is hashed, never logged or kept.</summary>
internal static class CanaryKey
{
    public const string Header = "X-Canary-Key";

    public static ReadOnlySpan<char> Of(HttpRequest request) => request.Headers.TryGetValue(Header, out var values) ? values.ToString() : [];
}
