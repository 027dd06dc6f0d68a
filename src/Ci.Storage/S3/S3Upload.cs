using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Ci.Storage.S3;

#pragma warning disable CA1001 // Lives as long as the process does, and the semaphore holds no handle
/// <summary>Stores a large blob in parts that appear together; what fails is aborted, so that no parts are left to be paid for.</summary>
internal sealed class S3Upload(BlobLocation location)
{
    private const int SmallestPart = S3BlobStore.SinglePut;
    private const int LargestPart = 100 << 20;
    private const int MostParts = 10_000;

    // Over all uploads of the store: this many parts lie in memory.
    private readonly SemaphoreSlim room = new(6);

    /// <summary>A put of few bytes, with their MD5 for the service to check.</summary>
    public static PutObjectRequest Whole(string bucket, string name, ReadOnlyMemory<byte> bytes) => new()
    {
        BucketName = bucket,
        Key = name,
        InputStream = StreamOf(bytes),
        AutoCloseStream = true,
        MD5Digest = Md5Of(bytes),
        UseChunkEncoding = false,
    };

    /// <summary>DVC's settings of what is stored: encryption by the service, and a canned access list.</summary>
    public void Decorate(PutObjectRequest request)
    {
        if (location.Setting("sse") is { } sse)
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(sse);
        if (location.Setting("sse_kms_key_id") is { } kms)
            request.ServerSideEncryptionKeyManagementServiceKeyId = kms;
        if (location.Setting("acl") is { } acl)
            request.CannedACL = S3CannedACL.FindValue(acl);
    }

    /// <summary>The ETag and the length.</summary>
    public async Task<(string ETag, long Length)> PutAsync(
        AmazonS3Client client, string bucket, string name, ReadOnlyMemory<byte> head, Stream rest, long? length, bool condition, CancellationToken ct)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = bucket, Key = name };
        if (location.Setting("sse") is { } sse)
            begin.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(sse);
        if (location.Setting("sse_kms_key_id") is { } kms)
            begin.ServerSideEncryptionKeyManagementServiceKeyId = kms;
        if (location.Setting("acl") is { } acl)
            begin.CannedACL = S3CannedACL.FindValue(acl);
        var id = (await client.InitiateMultipartUploadAsync(begin, ct)).UploadId;
        try
        {
            var (parts, total) = await this.SendAsync(client, bucket, name, id, head, rest, length, ct);
            var end = new CompleteMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = id, PartETags = parts };
            if (condition)
                end.IfNoneMatch = "*";
            return ((await client.CompleteMultipartUploadAsync(end, ct)).ETag, total);
        }
        catch (Exception)
        {
            await AbortAsync(client, bucket, name, id);
            throw;
        }
    }

    private async Task<(List<PartETag> Parts, long Length)> SendAsync(
        AmazonS3Client client, string bucket, string name, string id, ReadOnlyMemory<byte> head, Stream rest, long? length, CancellationToken ct)
    {
        var size = (int)Math.Clamp((length ?? 0) / (MostParts - 1000), SmallestPart, LargestPart);
        var total = 0L;
        var running = new List<Task<PartETag>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            for (var part = head; part.Length > 0; part = await PutContent.ReadAsync(rest, size, name, ct))
            {
                if (running.Count == MostParts)
                    throw new StorageRefusedException($"`{name}` is too long to be stored without its length being known beforehand");
                await this.room.WaitAsync(stop.Token);
                running.Add(this.SendPartAsync(client, bucket, name, id, running.Count + 1, part, stop));
                total += part.Length;
            }

            return ([.. await Task.WhenAll(running)], total);
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (!ct.IsCancellationRequested && running.Find(task => task.IsFaulted)?.Exception?.InnerException is { } first)
                throw first;
            throw;
        }
    }

    private async Task<PartETag> SendPartAsync(AmazonS3Client client, string bucket, string name, string id, int number, ReadOnlyMemory<byte> bytes, CancellationTokenSource stop)
    {
        try
        {
            var request = new UploadPartRequest
            {
                BucketName = bucket, Key = name, UploadId = id, PartNumber = number, PartSize = bytes.Length, InputStream = StreamOf(bytes), MD5Digest = Md5Of(bytes), UseChunkEncoding = false,
            };
            return new PartETag(number, (await client.UploadPartAsync(request, stop.Token)).ETag);
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            this.room.Release();
        }
    }

    private static async Task AbortAsync(AmazonS3Client client, string bucket, string name, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = id }, limit.Token);
        }
        catch (Exception error) when (error is Amazon.Runtime.AmazonServiceException or Amazon.Runtime.AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The failure itself is what is told; a bucket's lifecycle rule takes what no abort reached.
        }
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray());

#pragma warning disable CA5351 // The service's own check against damage on the way
    private static string Md5Of(ReadOnlyMemory<byte> bytes) => Convert.ToBase64String(MD5.HashData(bytes.Span));
#pragma warning restore CA5351
}
