using System.Threading.Channels;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>
/// Offers copies of sampled live calls to a bounded queue and never waits: what does not fit is left out and counted. The copy is all that the
/// live path pays.
/// </summary>
internal sealed class ShadowWatch(TimeProvider time, double share) : ICallWatch
{
    private const int QueuedSamples = 8;
    private const long MostElements = 1 << 18;

    private readonly Channel<ShadowSample> queue = Channel.CreateBounded<ShadowSample>(new BoundedChannelOptions(QueuedSamples) { SingleReader = true });
    private long drawn;
    private long shed;

    public TimeProvider Time => time;

    public ChannelReader<ShadowSample> Samples => queue.Reader;

    /// <summary>Sampled calls that were left out, because the candidate is slower than the samples come or the call is too large.</summary>
    public long Shed => Interlocked.Read(ref shed);

    public void Ran(Generation by, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue>? outputs, double milliseconds)
    {
        if (StableHash.ToUnit(StableHash.Mix((ulong)Interlocked.Increment(ref drawn))) >= share || outputs is null)
            return;
        // A full queue is known before the copy is paid for.
        if (queue.Reader.Count >= QueuedSamples || inputs.Sum(v => (long)v.Count) + outputs.Sum(v => (long)v.Count) > MostElements
            || !queue.Writer.TryWrite(new ShadowSample([.. inputs.Select(v => v.Copy())], [.. outputs.Select(v => v.Copy())])))
            Interlocked.Increment(ref shed);
    }
}
