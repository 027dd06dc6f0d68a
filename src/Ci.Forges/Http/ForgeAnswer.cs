using System.Net.Http.Headers;

namespace Ci.Forges.Http;

/// <summary>What came back, read whole.</summary>
internal sealed record ForgeAnswer(int Status, byte[] Body, HttpResponseHeaders Headers)
{
    public bool IsSuccess => this.Status is >= 200 and < 300;

    /// <summary>A failure that passes.</summary>
    public bool IsTransient => this.Status is 408 or 425 or 500 or 502 or 503 or 504;

    /// <summary>403 or 429, by its headers: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.</summary>
    public bool IsRateLimit =>
        this.Status == 429
        || (this.Status == 403 && (this.Header("Retry-After") is not null || this.Header("X-RateLimit-Remaining") == "0"));

    /// <summary>The first value of a header; null where absent.</summary>
    public string? Header(string name) => this.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>The address of the next page; null on the last. https://www.rfc-editor.org/rfc/rfc8288</summary>
    public string? NextPage()
    {
        foreach (var link in (this.Header("Link") ?? "").Split(','))
        {
            var parts = link.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length > 1 && parts[0].StartsWith('<') && parts[0].EndsWith('>') && parts.Contains("rel=\"next\"", StringComparer.Ordinal))
                return parts[0][1..^1];
        }

        return null;
    }
}
