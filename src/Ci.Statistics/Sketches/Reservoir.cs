namespace Ci.Statistics;

/// <summary>
/// A uniform sample of a stream, all of it while it fits: Li's algorithm L (1994), which draws a number only for what it takes. The same
/// stream and seed give the same sample. Not safe for several threads at once.
/// </summary>
public sealed class Reservoir
{
    private readonly int capacity;
    private double[] values;
    private int used;
    private ulong state;
    private double weight;
    private long next;

    /// <summary>An empty sample.</summary>
    /// <param name="capacity">Values kept at most, from 1.</param>
    /// <param name="seed">Of the draws.</param>
    public Reservoir(int capacity, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (this.capacity, this.state, this.weight) = (capacity, seed, 1);
        this.values = new double[Math.Min(capacity, 256)];
    }

    /// <summary>All values offered.</summary>
    public long Count { get; private set; }

    /// <summary>Whether it holds every value offered.</summary>
    public bool IsWhole => this.Count == this.used;

    public void Add(double value)
    {
        this.Count++;
        if (this.used < this.capacity)
        {
            if (this.used == this.values.Length)
                Array.Resize(ref this.values, Math.Min(this.capacity, this.used * 2));
            this.values[this.used++] = value;
            if (this.used == this.capacity)
                this.Skip();
        }
        else if (this.Count == this.next)
        {
            this.values[(int)(this.Uniform() * this.capacity)] = value;
            this.Skip();
        }
    }

    /// <summary>The sample, ascending; a new array.</summary>
    public double[] Sorted()
    {
        var sorted = this.values[..this.used];
        Array.Sort(sorted);
        return sorted;
    }

    private void Skip()
    {
        this.weight *= Math.Exp(Math.Log(this.Uniform()) / this.capacity);
        this.next = this.Count + 1 + (long)Math.Min(long.MaxValue / 4.0, Math.Floor(Math.Log(this.Uniform()) / Math.Log(1 - this.weight)));
    }

    /// <summary>In (0, 1), by splitmix64 (Steele, Lea, Flood 2014).</summary>
    private double Uniform()
    {
        this.state += 0x9E3779B97F4A7C15;
        var z = this.state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (((z ^ (z >> 31)) >> 11) + 0.5) / (1UL << 53);
    }
}
