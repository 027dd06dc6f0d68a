using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Ci.Storage.AzureBlobs;

#pragma warning disable CA1001 // Lives as long as the process does, and the semaphore holds no handle
/// <summary>
/// Stores a large blob as blocks that are staged side by side and appear together by one commit. A block is named by its place and its
/// MD5: those that an interrupted upload staged are found in the list of uncommitted blocks and not sent again.
/// </summary>
internal sealed class AzureBlockUpload(AzureClient client)
{
    private const int SmallestBlock = AzureBlobStore.SinglePut;
    private const int LargestBlock = 100 << 20;
    private const int MostBlocks = 50_000;

    // Over all uploads of the store: this many blocks lie in memory.
    private readonly SemaphoreSlim room = new(6);

    /// <summary>Null when the key is taken and the mode leaves what is there.</summary>
    public async Task<BlobInfo?> PutAsync(string address, string key, ReadOnlyMemory<byte> head, Stream rest, long? length, PutMode mode, CancellationToken ct)
    {
        var staged = await this.StagedAsync(address, key, mode, ct);
        if (staged is null)
            return null;
        // The first block is what was read to tell small from large; the others grow with a very long blob.
        var size = (int)Math.Clamp((length ?? 0) / (MostBlocks - 10_000), SmallestBlock, LargestBlock);
        var names = new List<string>();
        var running = new List<Task>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
#pragma warning disable CA5351 // The service's own check, and DVC's name of the content
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var total = 0L;
        try
        {
            for (var block = head; block.Length > 0;)
            {
                whole.AppendData(block.Span);
                total += block.Length;
                var md5 = MD5.HashData(block.Span);
                var name = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{names.Count:D8}-{Convert.ToHexStringLower(md5)}"));
                if (names.Count == MostBlocks)
                    throw new StorageRefusedException($"`{key}` is too long to be stored without its length being known beforehand");
                names.Add(name);
                if (!staged.Contains(name))
                {
                    await this.room.WaitAsync(stop.Token);
                    running.Add(this.StageAsync(address, key, name, block, md5, stop));
                }

                if (running.Find(task => task.IsFaulted) is { } failed)
                    await failed;
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                block = await PutContent.ReadAsync(rest, size, key, ct);
            }
#pragma warning restore CA5351

            await Task.WhenAll(running);
        }
        catch
        {
            // Content that cannot be read any more does not end what is on its way: the next call finds it staged.
            if (ct.IsCancellationRequested || running.Exists(task => task.IsFaulted))
                await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (running.Find(task => task.IsFaulted)?.Exception?.InnerException is StorageException first)
                throw first;
            throw;
        }

        return await this.CommitAsync(address, key, names, whole.GetHashAndReset(), total, mode, ct);
    }

    /// <summary>What a conditional put that found the key taken means: null, or the error if it failed for another reason.</summary>
    public static async Task<BlobInfo?> TakenAsync(AzureClient client, HttpResponseMessage response, string key, CancellationToken ct)
    {
        var error = await AzureError.ReadAsync(response, ct);
        return error.Code is "BlobAlreadyExists" or "ConditionNotMet" or "UnauthorizedBlobOverwrite"
            ? null
            : throw error.ToException(client, $"`{key}`", AzureRight.Write, response, client.Time);
    }

    public static BlobInfo Stored(HttpResponseMessage response, string key, long length) =>
        new(key, length, response.Headers.ETag?.ToString() ?? "", response.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch);

    // Names of the blocks that wait to be committed; null when the blob is there and is to stay.
    private async Task<HashSet<string>?> StagedAsync(string address, string key, PutMode mode, CancellationToken ct)
    {
        if (mode == PutMode.IfAbsent)
        {
            using var there = await client.SendAsync(() => new HttpRequestMessage(HttpMethod.Head, address), $"`{key}`", AzureRight.Read, ct, HttpStatusCode.NotFound);
            if (there.StatusCode != HttpStatusCode.NotFound)
                return null;
        }

        using var response = await client.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, $"{address}?comp=blocklist&blocklisttype=uncommitted"), $"the blocks of `{key}`", AzureRight.Read, ct, HttpStatusCode.NotFound);
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            var error = await AzureError.ReadAsync(response, ct);
            return error.Code == "ContainerNotFound" ? throw error.ToException(client, $"`{key}`", AzureRight.Write, response, client.Time) : names;
        }

        await using var body = new BodyStream(await response.Content.ReadAsStreamAsync(ct), response, client.Patience, client.Description);
        using var text = new MemoryStream();
        await PutContent.CopyAsync(body, text, client.Description, ct);
        text.Position = 0;
        try
        {
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            while (reader.ReadToFollowing("Name"))
                names.Add(reader.ReadElementContentAsString());
        }
        catch (XmlException)
        {
            // A list that cannot be read costs sending the blocks again, nothing else.
            names.Clear();
        }

        return names;
    }

    private async Task StageAsync(string address, string key, string name, ReadOnlyMemory<byte> block, byte[] md5, CancellationTokenSource stop)
    {
        try
        {
            using var response = await client.SendAsync(
                () =>
                {
                    var request = new HttpRequestMessage(HttpMethod.Put, $"{address}?comp=block&blockid={Uri.EscapeDataString(name)}") { Content = new ReadOnlyMemoryContent(block) };
                    request.Content.Headers.ContentMD5 = md5;
                    return request;
                },
                $"`{key}`", AzureRight.Write, stop.Token);
        }
        catch (StorageException)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            this.room.Release();
        }
    }

    private async Task<BlobInfo?> CommitAsync(string address, string key, List<string> names, byte[] md5, long length, PutMode mode, CancellationToken ct)
    {
        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        foreach (var name in names)
            list.Append(CultureInfo.InvariantCulture, $"<Latest>{name}</Latest>");
        var body = Encoding.UTF8.GetBytes(list.Append("</BlockList>").ToString());
        using var response = await client.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Put, $"{address}?comp=blocklist") { Content = new ByteArrayContent(body) };
                request.Headers.Add("x-ms-blob-content-md5", Convert.ToBase64String(md5));
                if (mode == PutMode.IfAbsent)
                    request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                return request;
            },
            $"`{key}`", AzureRight.Write, ct, mode == PutMode.IfAbsent ? [HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed] : []);
        return (int)response.StatusCode >= 300 ? await TakenAsync(client, response, key, ct) : Stored(response, key, length);
    }
}
