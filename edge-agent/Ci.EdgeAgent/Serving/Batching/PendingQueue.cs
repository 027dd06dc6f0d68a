namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>The requests that wait, oldest first, and how many rows they have. Its owner's lock guards it.</summary>
internal sealed class PendingQueue
{
    private readonly List<PendingCall> waiting = [];

    public int Count => waiting.Count;

    public int Rows { get; private set; }

    /// <summary>When the oldest began to wait, as a timestamp.</summary>
    public long OldestSince => waiting[0].Since;

    public void Add(PendingCall pending)
    {
        waiting.Add(pending);
        Rows += pending.Rows;
    }

    /// <summary>False where it waits no more.</summary>
    public bool Remove(PendingCall pending)
    {
        if (!waiting.Remove(pending))
            return false;
        Rows -= pending.Rows;
        return true;
    }

    /// <summary>Moves those out that have waited for so long.</summary>
    public List<PendingCall> TakeLate(TimeSpan limit, TimeProvider time)
    {
        var late = waiting.TakeWhile(p => time.GetElapsedTime(p.Since) >= limit).ToList();
        waiting.RemoveRange(0, late.Count);
        Rows -= late.Sum(p => p.Rows);
        return late;
    }

    /// <summary>Moves what goes together with the oldest into a batch of at most so many rows.</summary>
    public void TakeBatch(List<PendingCall> batch, int mostRows)
    {
        var rows = 0;
        for (var i = 0; i < waiting.Count && rows < mostRows; i++)
        {
            var pending = waiting[i];
            var fits = batch.Count == 0 || (rows + pending.Rows <= mostRows && pending.Joins(batch[0]));
            if (!fits)
                continue;
            waiting.RemoveAt(i--);
            Rows -= pending.Rows;
            rows += pending.Rows;
            batch.Add(pending);
        }
    }
}
