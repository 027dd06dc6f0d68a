using System.Net.Http.Headers;

namespace Ci.Forges.Http;

/// <summary>What came back, read whole.</summary>
internal sealed record ForgeAnswer(int Status, byte[] Body, HttpResponseHeaders Headers)
{
    public bool IsSuccess => this.Status is >= 200 and < 300;

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
