using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>What the candidate made of the sampled calls.</summary>
internal sealed class ShadowTally(ShadowSettings settings)
{
    public long Asked { get; private set; }

    public long Failed { get; private set; }

    public long Disagreed { get; private set; }

    /// <summary>What was proven against the candidate, in words; null while nothing was.</summary>
    public string? Breach
    {
        get
        {
            if (Failed >= SoakRule.LeastErrors && Failed > Asked * SoakRule.MostErrorShare)
                return $"{Failed} of {Asked} sampled inputs failed, which the incumbent had answered";
            return Asked >= settings.LeastSamples && Disagreed > Asked * settings.MaxDisagreement
                ? $"{Disagreed} of {Asked} answers are further than {settings.Tolerance:P1} from the incumbent's; {settings.MaxDisagreement:P1} may be"
                : null;
        }
    }

    /// <summary>Asks the candidate one sampled input.</summary>
    public void Ask(Generations.IModelCaller candidate, ShadowSample sample)
    {
        Asked++;
        try
        {
            var outputs = candidate.Run(sample.Inputs);
            if (!CallFacts.AreFinite(outputs) && CallFacts.AreFinite(sample.Outputs))
                Failed++;
            else if (!Agrees(outputs, sample.Outputs))
                Disagreed++;
        }
        catch (OnnxException)
        {
            Failed++;
        }
    }

    private bool Agrees(IReadOnlyList<OnnxValue> ours, IReadOnlyList<OnnxValue> theirs) =>
        ours.Count == theirs.Count && ours.Zip(theirs).All(pair => Agrees(pair.First, pair.Second));

    private bool Agrees(OnnxValue ours, OnnxValue theirs)
    {
        if (ours.Kind != theirs.Kind || ours.Type != theirs.Type || !ours.Shape.AsSpan().SequenceEqual(theirs.Shape))
            return false;
        if (ours.Kind != OnnxValueKind.Tensor)
            return ours.Items.Count == theirs.Items.Count && ours.Items.Zip(theirs.Items).All(pair => Agrees(pair.First, pair.Second));
        if (ours.Type == OnnxElementType.String)
            return ours.Strings.AsSpan().SequenceEqual(theirs.Strings);
        var (mine, other) = (ours.ToDoubles(), theirs.ToDoubles());
        for (var i = 0; i < mine.Length; i++)
        {
            if (!(Math.Abs(mine[i] - other[i]) <= (settings.Tolerance * Math.Abs(other[i])) + 1e-9) && !(double.IsNaN(mine[i]) && double.IsNaN(other[i])))
                return false;
        }

        return true;
    }
}
