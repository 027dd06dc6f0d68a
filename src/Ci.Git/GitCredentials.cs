using System.Text;

namespace Ci.Git;

/// <summary>
/// The token as git configuration in environment variables, where neither the process list nor a file shows it, and bound to
/// the remote's own scheme and host, so that a redirect or a submodule elsewhere never sees it.
/// </summary>
internal static class GitCredentials
{
    public static IReadOnlyDictionary<string, string>? For(string url, GitOptions options)
    {
        if (options.Token is not { Length: > 0 } token || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.TokenUser ?? "x-access-token"}:{token}"));
        var place = uri.GetLeftPart(UriPartial.Authority);
        if (uri.UserInfo.Length > 0)
            place = place.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GIT_CONFIG_COUNT"] = "2",
            // An empty first value drops headers that an outer tool (a checkout step) has set for the same host: two are refused by forges.
            ["GIT_CONFIG_KEY_0"] = $"http.{place}/.extraHeader",
            ["GIT_CONFIG_VALUE_0"] = "",
            ["GIT_CONFIG_KEY_1"] = $"http.{place}/.extraHeader",
            ["GIT_CONFIG_VALUE_1"] = $"Authorization: Basic {secret}",
        };
    }
}
