using System.Text.RegularExpressions;
using Ci.EdgeAgent.Configuration;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// Takes secrets out of what people and programs may see: the values of the secret variables wherever they stand, and in addresses whatever
/// looks like one (a password before the host, a query, which is where signatures are).
/// </summary>
internal sealed partial class SecretMask
{
    private const string Shown = "***";
    private const int LeastLength = 4;
    private readonly string[] secrets;

    private SecretMask(string[] secrets) => this.secrets = secrets;

    public static SecretMask Of(IReadOnlyDictionary<string, string> environment)
    {
        var values = SecretFiles.Variables.Select(name => environment.GetValueOrDefault(name, "").Trim()).Where(v => v.Length >= LeastLength).ToList();

        // An address in the environment may hold a password, or a signature in its query; those are masked by themselves, too.
        foreach (var address in environment.Where(e => e.Key.StartsWith(AgentConfigurationFile.Prefix, StringComparison.Ordinal)).Select(e => e.Value))
            values.AddRange(Inside(address).Where(v => v.Length >= 8));

        // A signature travels escaped or not, with or without its question mark; a connection string shows its key alone.
        var parts = values.SelectMany(v => v.Split(';', '&', '?').Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..]).Where(p => p.Length >= 16));
        string[] forms = [.. values, .. values.Select(Uri.EscapeDataString), .. values.Select(v => v.TrimStart('?')), .. parts, .. parts.Select(Uri.EscapeDataString), .. parts.Select(Uri.UnescapeDataString)];
        return new SecretMask([.. forms.Distinct(StringComparer.Ordinal).OrderByDescending(v => v.Length)]);
    }

    private static IEnumerable<string> Inside(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || OfAddresses(address) == address)
            return [];
        var password = uri.UserInfo[(uri.UserInfo.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var query = uri.Query.TrimStart('?').Split('&').Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return [password, Uri.UnescapeDataString(password), .. query, .. query.Select(Uri.UnescapeDataString)];
    }

    public string Clean(string text)
    {
        foreach (var secret in secrets)
            text = text.Replace(secret, Shown, StringComparison.Ordinal);
        return OfAddresses(text);
    }

    /// <summary>Only what looks like a secret by its place.</summary>
    public static string OfAddresses(string text)
    {
        text = UserInfo().Replace(text, "${at}" + Shown + "@");
        text = Query().Replace(text, "${at}?" + Shown);
        text = Bearer().Replace(text, "${at} " + Shown);
        return Pair().Replace(text, "${at}" + Shown);
    }

    // "ssh://git@host" names an account; before an HTTP host even a lone name may be a token.
    [GeneratedRegex(@"\b(?<at>https?://|[a-zA-Z][a-zA-Z0-9+.-]{1,20}://(?=[^\s/@'""<>:]*:))(?!\*\*\*@)[^\s/@'""<>]+@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(?<at>(?:https?|azure|s3|wasbs?|abfss?)://[^\s?'""<>]+)\?(?!\*\*\*)[^\s'""<>]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Query();

    [GeneratedRegex(@"\b(?<at>[Bb]earer|[Bb]asic|SharedKey|AWS4-HMAC-SHA256)\s+(?!\*\*\*)[A-Za-z0-9+/=._~:-]{16,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\b(?<at>(?:sig|AccountKey|SharedAccessSignature|X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|access_token)=)(?!\*\*\*)[^\s&;'""<>]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();
}
