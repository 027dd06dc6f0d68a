using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ci.Storage.Http;

/// <summary>DVC's settings of web remotes: <c>auth</c>, <c>user</c>, <c>password</c>, <c>custom_auth_header</c>, <c>ssl_verify</c>, time limits.</summary>
/// <param name="Client">A client of its own, where the shared one does not do.</param>
/// <param name="Header">A header that every request carries.</param>
internal sealed record HttpAccess(HttpClient? Client, (string Name, string Value)? Header)
{
    public static HttpAccess Of(BlobLocation location, Uri uri)
    {
        var where = location.Shown(uri.GetLeftPart(UriPartial.Path));
        if (location.Flag("ask_password", false))
            throw new StorageRefusedException($"{where}: `ask_password` cannot be done here; put `password` into .dvc/config.local (`mlops remote modify --local NAME password …`)");
        var auth = location.Setting("auth")?.ToLowerInvariant();
        var digest = auth == "digest" ? Digest(location, where, uri) : null;
        var certificates = Certificates(location, where);
        var client = digest is null && certificates is null && location.Setting("connect_timeout") is null && location.Proxy is null
            ? null
            : WebCalls.NewClient(location.Seconds("connect_timeout", TimeSpan.FromSeconds(15)), certificates, digest, location.Proxy);
        return new HttpAccess(client, auth switch
        {
            null => uri.UserInfo.Length > 0 ? Basic(Uri.UnescapeDataString(uri.UserInfo)) : null,
            "basic" => Basic($"{Need(location, "user", where)}:{location.Setting("password")}"),
            "custom" => (Need(location, "custom_auth_header", where), Need(location, "password", where)),
            "digest" => null,
            _ => throw new StorageRefusedException($"{where}: `auth` is basic, digest or custom, not `{auth}`"),
        });
    }

    private static (string Name, string Value) Basic(string userAndPassword) =>
        ("Authorization", new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword))).ToString());

    private static CredentialCache Digest(BlobLocation location, string where, Uri uri) =>
        new() { { new Uri(uri.GetLeftPart(UriPartial.Authority)), "Digest", new NetworkCredential(Need(location, "user", where), location.Setting("password")) } };

    private static string Need(BlobLocation location, string key, string where) =>
        location.Setting(key) ?? throw new StorageRefusedException($"{where}: `auth = {location.Setting("auth")}` needs `{key}`; set it with `mlops remote modify --local`");

    // True: the machine's trust; false: any certificate; a path: the authorities in that file.
    private static RemoteCertificateValidationCallback? Certificates(BlobLocation location, string where)
    {
        switch (location.Setting("ssl_verify")?.ToLowerInvariant())
        {
            case null or "true":
                return null;
            case "false":
#pragma warning disable CA5359 // The owner of the project asked for it in its settings
                return static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(location.Setting("ssl_verify")!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StorageRefusedException($"{where}: `ssl_verify` names {location.Setting("ssl_verify")}, which holds no certificates (PEM): {error.Message}", error);
        }

        return (_, certificate, _, problems) =>
        {
            if (certificate is null || problems.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
                return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            using var shown = new X509Certificate2(certificate);
            return chain.Build(shown);
        };
    }
}
