namespace Ci.Statistics;

/// <summary>
/// The most frequent texts of a stream in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi 2005). Every text that makes up
/// more than 1/capacity of the stream is among them. Adding a text that is known already allocates nothing. Not safe for several
/// threads at once.
/// </summary>
public sealed class TopValues
{
    private const int LongestText = 200;

    private readonly Dictionary<string, int> slots;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly TopValue[] entries;
    private int used;

    /// <summary>An empty list.</summary>
    /// <param name="capacity">How many texts are followed, from 1 to 10,000.</param>
    public TopValues(int capacity = 64)
    {
        if (capacity is < 1 or > 10_000)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "from 1 to 10,000 texts can be followed");
        this.entries = new TopValue[capacity];
        this.slots = new Dictionary<string, int>(capacity, StringComparer.Ordinal);
        this.lookup = this.slots.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All texts offered.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one text; beyond 200 characters it is cut.</summary>
    public void Add(ReadOnlySpan<char> value, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (value.Length > LongestText)
            value = value[..LongestText];
        this.Count += count;
        if (this.lookup.TryGetValue(value, out var slot))
        {
            this.entries[slot] = this.entries[slot] with { Count = this.entries[slot].Count + count };
            return;
        }

        this.Place(value.ToString(), count, 0);
    }

    /// <summary>Takes another stream's counts in; errors add up.</summary>
    public void Merge(TopValues other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var theirs = other.entries[..other.used];
        Array.Sort(theirs, (a, b) => a.Count == b.Count ? string.CompareOrdinal(a.Value, b.Value) : b.Count.CompareTo(a.Count));
        var all = other.Count;
        foreach (var (value, count, error) in theirs)
        {
            if (this.slots.TryGetValue(value, out var slot))
                this.entries[slot] = new TopValue(value, this.entries[slot].Count + count, this.entries[slot].Error + error);
            else
                this.Place(value, count, error);
        }

        this.Count += all;
    }

    /// <summary>The most frequent texts, most frequent first; equals in ordinal order.</summary>
    public IReadOnlyList<TopValue> Top(int most) =>
        [.. this.entries.Take(this.used).OrderByDescending(e => e.Count).ThenBy(e => e.Value, StringComparer.Ordinal).Take(most)];

    private void Place(string value, long count, long error)
    {
        var slot = this.used;
        long inherited = 0;
        if (this.used < this.entries.Length)
        {
            this.used++;
        }
        else
        {
            slot = this.Rarest();
            inherited = this.entries[slot].Count;
            this.slots.Remove(this.entries[slot].Value);
        }

        this.entries[slot] = new TopValue(value, inherited + count, inherited + error);
        this.slots[value] = slot;
    }

    private int Rarest()
    {
        var rarest = 0;
        for (var i = 1; i < this.used; i++)
        {
            if (this.entries[i].Count < this.entries[rarest].Count)
                rarest = i;
        }

        return rarest;
    }
}
