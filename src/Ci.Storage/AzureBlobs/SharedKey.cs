using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Ci.Storage.AzureBlobs;

/// <summary>
/// The account key, by which every request is signed: HMAC-SHA-256 over method, headers and resource, as
/// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key lays down.
/// </summary>
internal sealed class SharedKey : IAzureCredential
{
    private readonly string account;
    private readonly byte[] key;

    public SharedKey(string account, string key, string where)
    {
        if (account.Length == 0)
            throw new StorageRefusedException($"{where}: an account key needs the account's name; set `account_name`");
        this.account = account;
        try
        {
            this.key = Convert.FromBase64String(key);
        }
        catch (FormatException)
        {
            throw new StorageRefusedException($"{where}: the account key is not base64; copy it again from the account's access keys");
        }
    }

    public string Description => "the account key";

    public bool SignsTime => true;

    public ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var signature = Convert.ToBase64String(HMACSHA256.HashData(this.key, Encoding.UTF8.GetBytes(this.TextOf(request))));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{this.account}:{signature}");
        return ValueTask.CompletedTask;
    }

    /// <summary>The text that is signed.</summary>
    internal string TextOf(HttpRequestMessage request)
    {
        var body = request.Content?.Headers;
        var length = body?.ContentLength is { } bytes and > 0 ? bytes.ToString(CultureInfo.InvariantCulture) : "";
        var md5 = body?.ContentMD5 is { } hash ? Convert.ToBase64String(hash) : "";
        string[] lines =
        [
            request.Method.Method, "", "", length, md5, body?.ContentType?.ToString() ?? "", "", "",
            request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString(), "", request.Headers.Range?.ToString() ?? "",
        ];
        var text = new StringBuilder(string.Join('\n', lines)).Append('\n');
        foreach (var (name, values) in request.Headers.Where(h => h.Key.StartsWith("x-ms-", StringComparison.Ordinal)).OrderBy(h => h.Key, StringComparer.Ordinal))
            text.Append(name).Append(':').Append(string.Join(',', values)).Append('\n');
        text.Append('/').Append(this.account).Append(request.RequestUri!.AbsolutePath);
        foreach (var pair in request.RequestUri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).OrderBy(p => p[0], StringComparer.Ordinal))
            text.Append('\n').Append(pair[0]).Append(':').Append(Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : ""));
        return text.ToString();
    }
}
