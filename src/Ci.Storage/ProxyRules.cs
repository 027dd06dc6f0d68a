using System.Net;

namespace Ci.Storage;

/// <summary>
/// Which requests go through a proxy, by the usual variables (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>,
/// in either case) of a given environment, not of the process.
/// </summary>
public sealed class ProxyRules : IWebProxy
{
    private readonly Uri? http;
    private readonly Uri? https;
    private readonly IReadOnlyList<string> direct;

    private ProxyRules(Uri? http, Uri? https, IReadOnlyList<string> direct) => (this.http, this.https, this.direct) = (http, https, direct);

    /// <summary>From the proxies' own addresses, where they hold user and password.</summary>
    public ICredentials? Credentials { get; set; }

    /// <summary>The rules of an environment; null where it names no proxy.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="proxy">A proxy for everything, which comes before the variables; null: none. <c>none</c>: no proxy at all.</param>
    /// <param name="noProxy">Names parted by commas, which come before <c>NO_PROXY</c>.</param>
    /// <exception cref="StorageRefusedException">An address is none.</exception>
    public static ProxyRules? Of(IReadOnlyDictionary<string, string> environment, string? proxy = null, string? noProxy = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (proxy == "none")
            return new ProxyRules(null, null, []);
        var all = proxy ?? Variable("ALL_PROXY");
        var plain = Address(proxy ?? Variable("HTTP_PROXY") ?? all);
        var secure = Address(proxy ?? Variable("HTTPS_PROXY") ?? all);
        if (plain is null && secure is null)
            return null;
        var bypass = (noProxy ?? Variable("NO_PROXY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new ProxyRules(plain, secure, bypass) { Credentials = CredentialsOf(secure ?? plain!) };

        string? Variable(string name) =>
            environment.TryGetValue(name.ToLowerInvariant(), out var lower) && lower.Length > 0 ? lower
            : environment.TryGetValue(name, out var upper) && upper.Length > 0 ? upper
            : null;
    }

    public Uri? GetProxy(Uri destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return this.IsBypassed(destination) ? null : this.For(destination);
    }

    public bool IsBypassed(Uri host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return this.For(host) is null || this.direct.Any(rule => Matches(rule, host));
    }

    private Uri? For(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? this.https : this.http;

    // ".example.org" and "example.org" both mean the name and all below it; "host:8080" that port alone; "*" everything.
    private static bool Matches(string rule, Uri host)
    {
        if (rule == "*")
            return true;
        var name = rule;
        var colon = rule.LastIndexOf(':');
        if (colon > 0 && int.TryParse(rule.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port))
        {
            if (port != host.Port)
                return false;
            name = rule[..colon];
        }

        name = name.TrimStart('*').TrimStart('.');
        return host.Host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.Host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    private static Uri? Address(string? text)
    {
        if (text is null)
            return null;
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(full, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw new StorageRefusedException("the proxy's address is none; write it like http://proxy.example.org:3128");
    }

    private static NetworkCredential? CredentialsOf(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
