using Ci.EdgeAgent.Objects;

namespace Ci.EdgeAgent.Fetching;

/// <summary>
/// The object on its way, for several workers: one of them writes at a time, as <see cref="PartialObject"/> wants it. After other bytes than
/// the signed ones it begins again from nothing.
/// </summary>
internal sealed class IncomingFile(ChunkPlan plan, Func<PartialObject> open) : IDisposable
{
    private readonly HashSet<int> stale = [];
    private readonly SemaphoreSlim one = new(1, 1);
    private PartialObject partial = open();

    /// <summary>Bytes of the chunks that need not be fetched.</summary>
    public long WholeBytes => plan.Chunks.Where(c => IsWhole(c.Index)).Sum(c => (long)c.Length);

    public bool IsWhole(int index)
    {
        lock (stale)
            return partial.IsWhole(index) && !stale.Contains(index);
    }

    public async Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            await partial.WriteAsync(offset, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiskFailedException(error);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Returns when it would survive a power cut that this chunk is whole.</summary>
    public async Task CommitAsync(int index, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            await partial.CommitChunkAsync(index);
            lock (stale)
                stale.Remove(index);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiskFailedException(error);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Whether it is the signed object, which then has its name. No worker may be under way.</summary>
    public async Task<bool> CompleteAsync()
    {
        if (await partial.CompleteAsync())
            return true;
        partial.Dispose();
        partial = open();
        Forget();
        return false;
    }

    /// <summary>What is here is to be fetched again.</summary>
    public void Forget()
    {
        lock (stale)
            stale.UnionWith(plan.Chunks.Select(c => c.Index));
    }

    public void Dispose()
    {
        partial.Dispose();
        one.Dispose();
    }
}
