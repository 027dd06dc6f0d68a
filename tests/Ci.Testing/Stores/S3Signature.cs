using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ci.Testing.Stores;

/// <summary>Checks an AWS Signature Version 4, as https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html writes it.</summary>
internal static class S3Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Null when the request is signed with the secret; else S3's code of what is wrong.</summary>
    public static string? Problem(HttpContext context, byte[] body, string keyId, string secret)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm, StringComparison.Ordinal))
            return "AccessDenied";
        var parts = header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        if (parts["Credential"].Split('/') is not [var id, var day, var region, "s3", "aws4_request"] || id != keyId)
            return "InvalidAccessKeyId";
        var declared = context.Request.Headers["x-amz-content-sha256"].ToString();
        if (declared != "UNSIGNED-PAYLOAD" && declared != Convert.ToHexStringLower(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";
        var canonical = Canonical(context, parts["SignedHeaders"], declared);
        var text = string.Join('\n', Algorithm, context.Request.Headers["x-amz-date"].ToString(), $"{day}/{region}/s3/aws4_request", Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secret), day), region), "s3"), "aws4_request");
        return Hex(Mac(key, text)) == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }

    private static string Canonical(HttpContext context, string signed, string payload)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = (target.Length < 2 ? "" : target[1]).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").Order(StringComparer.Ordinal);
        var headers = signed.Split(';').Select(name => $"{name}:{(name == "host" ? context.Request.Host.Value : context.Request.Headers[name].ToString())?.Trim()}\n");
        return string.Join('\n', context.Request.Method, target[0], string.Join('&', query), string.Concat(headers), signed, payload);
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
