namespace Ci.EdgeAgent.Fetching;

/// <summary>The chunks of one download that nobody has taken yet, lowest first, and why it ends before all are here. Thread-safe.</summary>
internal sealed class ChunkQueue(ChunkPlan plan)
{
    private readonly SortedSet<int> todo = [];
    private readonly Lock gate = new();
    private Exception? end;

    public int Count
    {
        get
        {
            lock (gate)
                return todo.Count;
        }
    }

    /// <summary>Why nobody gets a chunk any more; null while they do.</summary>
    public Exception? Ended
    {
        get
        {
            lock (gate)
                return end;
        }
    }

    public void Add(IEnumerable<Chunk> chunks)
    {
        lock (gate)
            todo.UnionWith(chunks.Select(c => c.Index));
    }

    public Chunk? Take()
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

    /// <summary>Everything that is left, for one worker.</summary>
    public List<Chunk> TakeAll()
    {
        lock (gate)
        {
            List<Chunk> all = end is null ? [.. todo.Select(i => plan.Chunks[i])] : [];
            if (end is null)
                todo.Clear();
            return all;
        }
    }

    public void PutBack(Chunk chunk)
    {
        lock (gate)
            todo.Add(chunk.Index);
    }

    /// <summary>The first reason holds.</summary>
    public void End(Exception reason)
    {
        lock (gate)
            end ??= reason;
    }

    /// <summary>Lets it begin again.</summary>
    public void Reopen()
    {
        lock (gate)
            end = null;
    }
}
