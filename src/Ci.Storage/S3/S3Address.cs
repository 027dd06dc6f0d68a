namespace Ci.Storage.S3;

/// <summary>A bucket, and what stands before every key in it: empty, or with a slash at its end.</summary>
internal sealed record S3Address(string Bucket, string Prefix)
{
    public static bool IsAddress(string address) => address.StartsWith("s3://", StringComparison.OrdinalIgnoreCase);

    public static S3Address Of(string address)
    {
        var path = address["s3://".Length..].Trim('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (bucket, prefix) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        if (bucket.Length is < 3 or > 63 || !bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            throw new UnknownBlobStoreException($"`{address}` names no bucket; write s3://bucket/path");
        BlobKeys.Validate(prefix.Length == 0 ? "x" : prefix);
        return new S3Address(bucket, prefix.Length == 0 ? "" : prefix + "/");
    }
}
