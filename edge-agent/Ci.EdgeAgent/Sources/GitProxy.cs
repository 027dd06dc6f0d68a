using Ci.EdgeAgent.Configuration;

namespace Ci.EdgeAgent.Sources;

/// <summary>Git takes its proxy from variables: those that the configuration says, which come before the process's own.</summary>
internal static class GitProxy
{
    public static IReadOnlyDictionary<string, string> Of(FetchSettings settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (settings.NoProxy is { } direct)
            variables["no_proxy"] = variables["NO_PROXY"] = direct;
        if (settings.Proxy == "none")
            variables["no_proxy"] = variables["NO_PROXY"] = "*";
        else if (settings.Proxy is { } proxy)
            variables["http_proxy"] = variables["https_proxy"] = variables["HTTPS_PROXY"] = proxy;
        return variables;
    }
}
