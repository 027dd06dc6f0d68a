using System.Text;

namespace Ci.Statistics;

/// <summary>How often each value stands in a column, for columns of few values: beyond the limit, or where a value is long, it gives up and holds nothing. Not safe for several threads at once.</summary>
public sealed class ValueCounts
{
    /// <summary>Bytes of a value that is still a name and no text.</summary>
    public const int LongestValue = 200;

    private readonly int limit;
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup;

    /// <summary>No value yet.</summary>
    /// <param name="limit">Different values followed at most.</param>
    public ValueCounts(int limit = 1_000)
    {
        this.limit = limit;
        this.lookup = this.counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether there were too many values, or too long ones, to count.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>By value; empty after it gave up.</summary>
    public IReadOnlyDictionary<string, long> Counts => this.counts;

    /// <summary>Counts one value of UTF-8 text.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        if (this.GaveUp)
            return;
        if (value.Length > LongestValue)
        {
            this.GiveUp();
            return;
        }

        Span<char> buffer = stackalloc char[LongestValue];
        this.Add(buffer[..Encoding.UTF8.GetChars(value, buffer)]);
    }

    /// <summary>Counts one value.</summary>
    public void Add(ReadOnlySpan<char> value)
    {
        if (this.GaveUp)
            return;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(this.lookup, value, out _)++;
        if (this.counts.Count > this.limit)
            this.GiveUp();
    }

    private void GiveUp()
    {
        this.GaveUp = true;
        this.counts.Clear();
        this.counts.TrimExcess();
    }
}
