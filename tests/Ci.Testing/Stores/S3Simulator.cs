using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ci.Testing.Stores;

/// <summary>
/// A small, strict S3 in memory: it checks every signature, body hash and MD5, knows conditional puts and reads, ranges, lists with
/// continuation and multipart uploads, and remembers what it was asked.
/// </summary>
public sealed class S3Simulator : IAsyncDisposable
{
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Bucket = "bucket";

    private readonly WebApplication app;
    private readonly Dictionary<string, StoredObject> objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, byte[]>> uploads = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> requests = new();
    private int number;

    private S3Simulator(WebApplication app) => this.app = app;

    public string Endpoint => this.app.Urls.First();

    /// <summary>Keys on a page of a list.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Conditional puts are known; otherwise the condition is ignored, as many compatible services do.</summary>
    public bool KnowsConditions { get; set; } = true;

    /// <summary>What to answer instead, by method and key: a status, and S3's code of it; null: the truth.</summary>
    public Func<string, string, (int Status, string Code)?> Fault { get; set; } = (_, _) => null;

    /// <summary>Method and target of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => this.requests;

    /// <summary>Uploads that were begun and neither completed nor aborted.</summary>
    public int OpenUploads => this.uploads.Count;

    public void Forget() => this.requests.Clear();

    public static async Task<S3Simulator> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(server => server.Limits.MaxRequestBodySize = 256 << 20).UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var simulator = new S3Simulator(web);
        web.Run(simulator.AnswerAsync);
        await web.StartAsync();
        return simulator;
    }

    public async ValueTask DisposeAsync() => await this.app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        this.requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        var key = path.Length > 1 ? path[1] : "";
        if (S3Signature.Problem(context, body.ToArray(), AccessKeyId, SecretAccessKey) is { } problem)
            await Refuse(context, 403, problem);
        else if (this.Fault(request.Method, key) is { } fault)
            await Refuse(context, fault.Status, fault.Code);
        else if (path[0] != Bucket)
            await Refuse(context, 404, "NoSuchBucket");
        else if (request.Headers["Content-MD5"].ToString() is { Length: > 0 } md5 && md5 != Convert.ToBase64String(Md5(body.ToArray())))
            await Refuse(context, 400, "BadDigest");
        else
            await this.RouteAsync(context, key, body.ToArray());
    }

    private Task RouteAsync(HttpContext context, string key, byte[] body)
    {
        var query = context.Request.Query;
        return (context.Request.Method, key) switch
        {
            ("GET", "") => this.ListAsync(context),
            ("GET" or "HEAD", _) => this.GetAsync(context, key),
            ("PUT", _) when query.ContainsKey("uploadId") => this.PutPartAsync(context, body),
            ("PUT", _) => this.PutAsync(context, key, body, ""),
            ("POST", _) when query.ContainsKey("uploads") => this.BeginAsync(context, key),
            ("POST", _) when query.ContainsKey("uploadId") => this.CompleteAsync(context, key, body),
            ("DELETE", _) when query["uploadId"].ToString() is { Length: > 0 } id => this.Remove(context, () => this.uploads.TryRemove(id, out _)),
            ("DELETE", _) => this.Remove(context, () => this.objects.Remove(key)),
            _ => Refuse(context, 501, "NotImplemented"),
        };
    }

    private Task Remove(HttpContext context, Func<bool> remove)
    {
        lock (this.objects)
            remove();
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task PutAsync(HttpContext context, string key, byte[] body, string suffix)
    {
        lock (this.objects)
        {
            if (this.KnowsConditions && context.Request.Headers.IfNoneMatch == "*" && this.objects.ContainsKey(key))
                return Refuse(context, 412, "PreconditionFailed");
            var stored = new StoredObject(body, $"\"{Convert.ToHexStringLower(Md5(body))}{suffix}\"", DateTimeOffset.UtcNow);
            this.objects[key] = stored;
            context.Response.Headers.ETag = stored.ETag;
            return suffix.Length == 0
                ? Task.CompletedTask
                : WriteAsync(context, new XElement("CompleteMultipartUploadResult", new XElement("Key", key), new XElement("ETag", stored.ETag)));
        }
    }

    private async Task GetAsync(HttpContext context, string key)
    {
        StoredObject? found;
        lock (this.objects)
            found = this.objects.GetValueOrDefault(key);
        if (found is null)
        {
            await Refuse(context, 404, "NoSuchKey");
            return;
        }

        if (context.Request.Headers.IfMatch.ToString() is { Length: > 0 } wanted && wanted != found.ETag)
        {
            await Refuse(context, 412, "PreconditionFailed");
            return;
        }

        var response = context.Response;
        var range = context.Request.Headers.Range.ToString() is { Length: > 0 } asked ? asked["bytes=".Length..].Split('-') : null;
        var from = range is null ? 0 : int.Parse(range[0], CultureInfo.InvariantCulture);
        var to = range is [_, { Length: > 0 } end] ? Math.Min(int.Parse(end, CultureInfo.InvariantCulture), found.Bytes.Length - 1) : found.Bytes.Length - 1;
        if (from > 0 && from >= found.Bytes.Length)
        {
            await Refuse(context, 416, "InvalidRange");
            return;
        }

        response.Headers.ETag = found.ETag;
        response.Headers.LastModified = found.Modified.ToString("R", CultureInfo.InvariantCulture);
        response.ContentLength = to - from + 1;
        if (range is not null)
        {
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{to}/{found.Bytes.Length}";
        }

        if (context.Request.Method == "GET")
            await response.Body.WriteAsync(found.Bytes.AsMemory(from, to - from + 1));
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var prefix = query["prefix"].ToString();
        var after = query["continuation-token"].ToString();
        List<KeyValuePair<string, StoredObject>> all;
        lock (this.objects)
            all = [.. this.objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0).OrderBy(o => o.Key, StringComparer.Ordinal).Take(this.PageSize + 1)];
        var page = all.Take(this.PageSize).ToList();
        var more = all.Count > page.Count;
        return WriteAsync(context, new XElement(
            "ListBucketResult",
            new XElement("IsTruncated", more ? "true" : "false"),
            more ? new XElement("NextContinuationToken", page[^1].Key) : null,
            page.Select(o => new XElement(
                "Contents", new XElement("Key", o.Key), new XElement("ETag", o.Value.ETag), new XElement("Size", o.Value.Bytes.Length), new XElement("LastModified", o.Value.Modified.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))))));
    }

    private Task BeginAsync(HttpContext context, string key)
    {
        var id = $"upload-{Interlocked.Increment(ref this.number)}";
        this.uploads[id] = new();
        return WriteAsync(context, new XElement("InitiateMultipartUploadResult", new XElement("Bucket", Bucket), new XElement("Key", key), new XElement("UploadId", id)));
    }

    private Task PutPartAsync(HttpContext context, byte[] body)
    {
        if (!this.uploads.TryGetValue(context.Request.Query["uploadId"].ToString(), out var parts))
            return Refuse(context, 404, "NoSuchUpload");
        parts[int.Parse(context.Request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = body;
        context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(Md5(body))}\"";
        return Task.CompletedTask;
    }

    private async Task CompleteAsync(HttpContext context, string key, byte[] body)
    {
        var id = context.Request.Query["uploadId"].ToString();
        if (!this.uploads.TryGetValue(id, out var parts))
        {
            await Refuse(context, 404, "NoSuchUpload");
            return;
        }

        var named = XDocument.Load(new MemoryStream(body)).Descendants().Where(e => e.Name.LocalName == "PartNumber").Select(e => (int)e).ToList();
        if (named.Where((n, i) => n != i + 1 || (i < named.Count - 1 && parts[n].Length < 5 << 20)).Any())
        {
            await Refuse(context, 400, "EntityTooSmall");
            return;
        }

        await this.PutAsync(context, key, [.. named.SelectMany(n => parts[n])], $"-{named.Count}");
        if (context.Response.StatusCode == 200)
            this.uploads.TryRemove(id, out _);
    }

    private static Task Refuse(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        if (status == 503)
            context.Response.Headers.RetryAfter = "1";
        return context.Request.Method == "HEAD" ? Task.CompletedTask : WriteAsync(context, new XElement("Error", new XElement("Code", code), new XElement("Message", $"simulated {code}")));
    }

    private static Task WriteAsync(HttpContext context, XElement xml)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml.ToString(SaveOptions.DisableFormatting));
    }

#pragma warning disable CA5351 // S3's own ETags and checks
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    private sealed record StoredObject(byte[] Bytes, string ETag, DateTimeOffset Modified);
}
