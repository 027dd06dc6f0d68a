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
    private readonly ArtifactRanges ranges = new(plan.Artifact);
    private readonly ChunkQueue queue = new(plan);
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
                queue.Reopen();
                (changed, before) = (false, 0);
                continue;
            }

            if (queue.Ended is { } reason)
                throw reason;
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
        queue.Add(plan.Chunks.Where(c => !file.IsWhole(c.Index)));
        // The first answer tells the length and the version, the second whether the server knows ranges at all; only then several ask.
        await WorkAsync(2, ct);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(settings.Parallel, Math.Max(1, queue.Count))).Select(_ => WorkAsync(int.MaxValue, ct)));
    }

    private async Task WorkAsync(int most, CancellationToken ct)
    {
        for (var done = 0; done < most && queue.Take() is { } chunk;)
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
                queue.PutBack(chunk);
                await SweepAsync(mirror!, ct);
            }
            catch (DiskFailedException error)
            {
                queue.PutBack(chunk);
                queue.End(error.InnerException!);
            }
            catch (Exception error) when (error is FetchDeferredException or ReleaseRefusedException || mirror is null)
            {
                queue.PutBack(chunk);
                queue.End(error);
            }
            catch (Exception error) when (IsFailure(error))
            {
                queue.PutBack(chunk);
                await FailedAsync(mirror!, error, ct);
            }
        }
    }

    private async Task FetchAsync(Mirror mirror, Chunk chunk, CancellationToken ct)
    {
        if (mirror.IgnoresRanges)
            throw new RangesIgnoredException();
        await using var range = await ranges.OpenAsync(mirror, chunk.Offset, chunk.Length, ct);
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
        while (queue.TakeAll() is { Count: > 0 } wanted)
        {
            try
            {
                policy.Check(wanted[^1].Offset + wanted[^1].Length);
                await using var all = await ranges.OpenAsync(mirror, 0, plan.Artifact.Bytes, ct);
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
                wanted.ForEach(queue.PutBack);
                queue.End(error.InnerException!);
            }
            catch (FetchDeferredException error)
            {
                wanted.ForEach(queue.PutBack);
                queue.End(error);
            }
            catch (Exception error) when (IsFailure(error))
            {
                wanted.ForEach(queue.PutBack);
                await FailedAsync(mirror, error, ct);
                if (choice.Pick() != mirror)
                    return;
            }
        }
    }

    private async Task FailedAsync(Mirror mirror, Exception error, CancellationToken ct)
    {
        if (error is BlobChangedException)
        {
            mirror.SawETag(plan.Artifact.Sha256.Hex, null);
            if (plan.Artifact.Chunks is null && plan.Chunks.Count > 1)
            {
                changed = true;
                queue.End(new SourceUnavailableException(error.Message, error));
                return;
            }
        }

        if (choice.Failed(mirror, error, plan.Artifact.Path) is { } final)
            queue.End(final);
        else
            await Task.Delay(choice.Pause(error), time, ct);
    }

    private static bool IsFailure(Exception error) =>
        error is StorageException or SourceUnavailableException or WrongBytesException or IOException or HttpRequestException or TimeoutException;

    private sealed class RangesIgnoredException : Exception;
}
