using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;
using Ci.Statistics;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>Counts the calls of candidate and incumbent, block by block.</summary>
internal sealed class CanaryWatch(Generation? candidate, TimeProvider time, CanarySettings settings) : ICallWatch
{
    /// <summary>A block is closed when both have so many calls. When it is closed depends on counts alone, never on how the calls went.</summary>
    public const int LeastPerBlock = 5;

    private readonly Lock gate = new();
    private readonly QuantileSketch latency = new();
    private readonly QuantileSketch score = new();
    private Thresholds marks = Thresholds.Unknown;
    private Thresholds allowed = Thresholds.Unknown;
    private ArmCounts candidates;
    private ArmCounts incumbents;

    public TimeProvider Time => time;

    public void Ran(Generation by, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue>? outputs, double milliseconds)
    {
        var facts = CallFacts.Of(inputs, outputs, milliseconds);
        Count(ReferenceEquals(by, candidate), facts);
    }

    public void Count(bool isCandidate, in CallFacts facts)
    {
        lock (gate)
        {
            if (isCandidate)
            {
                candidates = candidates.With(facts, allowed);
                return;
            }

            incumbents = incumbents.With(facts, marks);
            latency.Add(facts.Milliseconds);
            if (double.IsFinite(facts.Score))
                score.Add(facts.Score);
        }
    }

    /// <summary>The block so far, closed; null while one of the two has too few calls.</summary>
    public (ArmCounts Candidate, ArmCounts Incumbent)? Close()
    {
        lock (gate)
        {
            if (candidates.Calls < LeastPerBlock || incumbents.Calls < LeastPerBlock)
                return null;
            var block = (candidates, incumbents);
            (candidates, incumbents) = (default, default);
            marks = Thresholds.Of(latency, score);
            allowed = marks.Allowing(settings.MaxSlowdown, settings.SlowdownMs);
            return block;
        }
    }
}
