using Ci.Forges.GitHub;
using Ci.Forges.GitLab;

namespace Ci.Forges;

/// <summary>The forges that we speak to: one explicit line each.</summary>
public static class ForgeProviders
{
    private static readonly (string Vendor, string ApiUrl, Func<ForgeAddress, ForgeOptions, HttpMessageHandler?, IForge> Make)[] All =
    [
        ("github", "https://api.github.com", static (address, options, handler) => new GitHubForge(address, options, handler)),
        ("gitlab", "https://gitlab.com/api/v4", static (address, options, handler) => new GitLabForge(address, options, handler)),
    ];

    /// <summary>The API of the vendor's own installation; null for an unknown vendor.</summary>
    public static string? ApiUrlOf(string vendor) => Array.Find(All, provider => provider.Vendor == vendor).ApiUrl;

    /// <summary>A client for one repository; nothing is sent yet.</summary>
    /// <param name="address">Which repository, and as whom.</param>
    /// <param name="options">Patience; the defaults suit jobs.</param>
    /// <param name="handler">Replaces the network, for tests; not disposed.</param>
    /// <exception cref="ForgeException">An unknown vendor, or a repository that is no path of that vendor's.</exception>
    public static IForge Open(ForgeAddress address, ForgeOptions? options = null, HttpMessageHandler? handler = null)
    {
        var matching = Array.FindAll(All, provider => provider.Vendor == address.Vendor);
        if (matching.Length != 1)
        {
            throw new ForgeException(
                $"the forge '{address.Vendor}' is not supported; supported are: {string.Join(", ", All.Select(p => p.Vendor))}. " +
                "Render the report to a file and let the job keep it as an artifact instead");
        }

        return matching[0].Make(address, options ?? new ForgeOptions(), handler);
    }
}
