using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Fetching;

/// <summary>
/// One object's download. Chunks are taken from a list by a few workers; one that fails goes back to the list, and the others carry on, so
/// that a cut connection costs its own chunk and nothing else.
/// </summary>
internal sealed class FetchRun(
    ChunkPlan plan, IncomingFile file, IReadOnlyList<Mirror> mirrors, FetchPolicy policy, FetchSettings settings, TimeProvider time, Random random)
{
    private const int MostRounds = 2;
    private const int MostRestarts = 3;
    private readonly MirrorChoice choice = new(mirrors, time, settings.Attempts, random);
    private readonly ChunkReceiver receiver = new(policy, file, plan.Artifact.Path);
    private readonly SortedSet<int> todo = [];
    private readonly Lock gate = new();
    private Exception? end;
    private bool changed;

    public async Task<FetchReport> RunAsync(CancellationToken ct)
    {
        var (before, restarts) = (file.WholeBytes, 0);
        for (var round = 1; round <= MostRounds;)
        {
            await DownloadAsync(ct);
            if (changed && ++restarts <= MostRestarts)
            {
                // Without signed pieces two versions could be mixed, and only the whole would tell.
                file.Forget();
                (changed, end, before) = (false, null, 0);
                continue;
            }

            if (end is not null)
                throw end;
            if (plan.Chunks.Any(c => !file.IsWhole(c.Index)))
                continue;
            var useful = file.WholeBytes - before;
            if (await file.CompleteAsync())
                return new FetchReport(receiver.Received, receiver.Received - useful, choice.Failures);
            (before, round) = (0, round + 1);
        }

        throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{plan.Artifact.Path} in {choice.Names} is not the file that was signed (its SHA-256 is not {plan.Artifact.Sha256.Brief}…)");
    }

    private async Task DownloadAsync(CancellationToken ct)
    {
        todo.UnionWith(plan.Chunks.Where(c => !file.IsWhole(c.Index)).Select(c => c.Index));
        // The first answer tells the length and the version, the second whether the server knows ranges at all; only then several ask.
        await WorkAsync(2, ct);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(settings.Parallel, Math.Max(1, todo.Count))).Select(_ => WorkAsync(int.MaxValue, ct)));
    }

    private async Task WorkAsync(int most, CancellationToken ct)
    {
        for (var done = 0; done < most && Take() is { } chunk;)
        {
            var mirror = choice.Pick();
            try
            {
                policy.Check(chunk.Length);
                if (mirror is null)
                    throw choice.Nobody(plan.Artifact.Path);
                await FetchAsync(mirror, chunk, ct);
                mirror.Succeeded();
                choice.Progress();
                done++;
            }
            catch (RangesIgnoredException)
            {
                PutBack(chunk);
                await SweepAsync(mirror!, ct);
            }
            catch (DiskFailedException error)
            {
                PutBack(chunk);
                End(error.InnerException!);
            }
            catch (Exception error) when (error is FetchDeferredException or ReleaseRefusedException || mirror is null)
            {
                PutBack(chunk);
                End(error);
            }
            catch (Exception error) when (IsFailure(error))
            {
                PutBack(chunk);
                await FailedAsync(mirror!, error, ct);
            }
        }
    }

    private async Task FetchAsync(Mirror mirror, Chunk chunk, CancellationToken ct)
    {
        if (mirror.IgnoresRanges)
            throw new RangesIgnoredException();
        await using var range = await OpenAsync(mirror, chunk.Offset, chunk.Length, ct);
        if (range.Offset != chunk.Offset)
        {
            mirror.IgnoresRanges = true;
            throw new RangesIgnoredException();
        }

        await receiver.ReceiveAsync(chunk, range.Content, mirror.Description, keep: true, ct);
        await file.CommitAsync(chunk.Index, ct);
    }

    // A server without ranges: all of it in one go, by one worker, every missing chunk kept as it passes.
    private async Task SweepAsync(Mirror mirror, CancellationToken ct)
    {
        while (true)
        {
            List<Chunk> wanted;
            lock (gate)
            {
                if (end is not null || todo.Count == 0)
                    return;
                wanted = [.. todo.Select(i => plan.Chunks[i])];
                todo.Clear();
            }

            try
            {
                policy.Check(wanted[^1].Offset + wanted[^1].Length);
                await using var all = await OpenAsync(mirror, 0, plan.Artifact.Bytes, ct);
                foreach (var chunk in plan.Chunks.TakeWhile(_ => wanted.Count > 0))
                {
                    var keep = chunk == wanted[0];
                    await receiver.ReceiveAsync(chunk, all.Content, mirror.Description, keep, ct);
                    if (!keep)
                        continue;
                    await file.CommitAsync(chunk.Index, ct);
                    wanted.RemoveAt(0);
                    choice.Progress();
                }

                return;
            }
            catch (DiskFailedException error)
            {
                wanted.ForEach(PutBack);
                End(error.InnerException!);
            }
            catch (FetchDeferredException error)
            {
                wanted.ForEach(PutBack);
                End(error);
            }
            catch (Exception error) when (IsFailure(error))
            {
                wanted.ForEach(PutBack);
                await FailedAsync(mirror, error, ct);
                if (choice.Pick() != mirror)
                    return;
            }
        }
    }

    private async Task<BlobRange> OpenAsync(Mirror mirror, long offset, long length, CancellationToken ct)
    {
        var (hex, key) = (plan.Artifact.Sha256.Hex, mirror.KeyOf(plan.Artifact.Sha256.Hex));
        if (mirror.Store is not IRangedReads ranged)
            return new BlobRange(new BlobInfo(key, -1, "", DateTimeOffset.UnixEpoch), offset, await mirror.Store.OpenReadAsync(key, offset, ct));
        var range = await ranged.OpenRangeAsync(key, offset, length, mirror.ETagOf(hex), ct);
        try
        {
            if (range.Info.Length >= 0 && range.Info.Length != plan.Artifact.Bytes)
                throw await WrongLengthAsync(range, mirror, ct);
            mirror.SawETag(hex, range.Info.ETag);
            return range;
        }
        catch
        {
            await range.DisposeAsync();
            throw;
        }
    }

    private async Task<Exception> WrongLengthAsync(BlobRange range, Mirror mirror, CancellationToken ct)
    {
        var first = new byte[512];
        var read = await range.Content.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, ct);
        return range.Offset == 0 && WebPage.Is(first.AsSpan(0, read))
            ? new SourceUnavailableException(WebPage.Words(plan.Artifact.Path, mirror.Description))
            : new WrongBytesException(RefusalCode.SizeMismatch, $"{plan.Artifact.Path} has {range.Info.Length} bytes in {mirror.Description}; {plan.Artifact.Bytes} were signed");
    }

    private async Task FailedAsync(Mirror mirror, Exception error, CancellationToken ct)
    {
        if (error is BlobChangedException)
        {
            mirror.SawETag(plan.Artifact.Sha256.Hex, null);
            if (plan.Artifact.Chunks is null && plan.Chunks.Count > 1)
            {
                changed = true;
                End(new SourceUnavailableException(error.Message, error));
                return;
            }
        }

        if (choice.Failed(mirror, error, plan.Artifact.Path) is { } final)
            End(final);
        else
            await Task.Delay(choice.Pause(error), time, ct);
    }

    private Chunk? Take()
    {
        lock (gate)
        {
            if (end is not null || todo.Count == 0)
                return null;
            var index = todo.Min;
            todo.Remove(index);
            return plan.Chunks[index];
        }
    }

    private void PutBack(Chunk chunk)
    {
        lock (gate)
            todo.Add(chunk.Index);
    }

    private void End(Exception error)
    {
        lock (gate)
            end ??= error;
    }

    private static bool IsFailure(Exception error) =>
        error is StorageException or SourceUnavailableException or WrongBytesException or IOException or HttpRequestException or TimeoutException;

    private sealed class RangesIgnoredException : Exception;
}
