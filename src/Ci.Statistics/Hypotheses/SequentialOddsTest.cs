namespace Ci.Statistics;

/// <summary>
/// Watches two groups for an event (an error, a slow answer) and says at any moment how much speaks for the candidate having it more often: an
/// e-process, so that looking as often as one likes costs nothing of the level. Blocks of counts come one after another. Given a block's totals,
/// the candidate's events are hypergeometric under equal odds and Fisher's noncentral hypergeometric under any other odds ratio; the evidence is the
/// product over blocks of the likelihood ratio, averaged over a fixed grid of alternatives. Whatever the base rate is and however it moves from
/// block to block, the product has expectation at most 1 while the true odds ratio is at most <see cref="NullOdds"/> (the ratio's
/// density rises monotonically), so by Ville's inequality it exceeds 1/α with probability at most α, ever. Exact for independent requests; no normal
/// approximation. After Johari, Koomen, Pekelis, Walsh: "Always Valid Inference" (Operations Research 2022), and Turner, Ly, Grünwald: "Generic
/// E-variables for exact sequential k-sample tests" (2021). Not safe for several threads at once.
/// </summary>
public sealed class SequentialOddsTest
{
    /// <summary>The alternatives, as multiples of the null odds ratio; each has the same weight.</summary>
    private static readonly double[] Alternatives = [1.2, 1.5, 2, 3, 5, 10, 30, 100, 1000];

    private readonly double[] logEvidence;

    /// <summary>Begins without evidence, or goes on from a <see cref="State"/> that was kept.</summary>
    /// <param name="nullOdds">Odds ratios of candidate to incumbent up to this one are no regression; at least 1.</param>
    /// <param name="state">What <see cref="State"/> gave; null begins anew.</param>
    public SequentialOddsTest(double nullOdds = 1, IReadOnlyList<double>? state = null)
    {
        if (nullOdds is not (>= 1 and <= 1e6))
            throw new ArgumentOutOfRangeException(nameof(nullOdds), nullOdds, "the null odds ratio must be from 1 to 1000000");
        if (state is not null && (state.Count != Alternatives.Length + 1 || state.Any(double.IsNaN)))
            throw new ArgumentException($"a kept state has {Alternatives.Length + 1} numbers", nameof(state));
        this.NullOdds = nullOdds;
        this.logEvidence = state is null ? new double[Alternatives.Length] : [.. state.Take(Alternatives.Length)];
        this.LogEvidencePeak = state is null ? 0 : state[^1];
    }

    /// <summary>The odds ratio that is still no regression.</summary>
    public double NullOdds { get; }

    /// <summary>The natural logarithm of the evidence now.</summary>
    public double LogEvidence => LogMeanExp(this.logEvidence);

    /// <summary>The most evidence there ever was; never below 0.</summary>
    public double LogEvidencePeak { get; private set; }

    /// <summary>Valid at every moment, also for one who stops when it is small.</summary>
    public double PValue => Math.Exp(-this.LogEvidencePeak);

    /// <summary>All that is needed to go on after a restart.</summary>
    public IReadOnlyList<double> State => [.. this.logEvidence, this.LogEvidencePeak];

    /// <summary>Takes up one block: requests and events of both groups under the same conditions. A block without events, or of one group alone, says nothing.</summary>
    public void Add(long candidates, long candidateEvents, long incumbents, long incumbentEvents)
    {
        if (candidateEvents < 0 || incumbentEvents < 0 || candidateEvents > candidates || incumbentEvents > incumbents)
            throw new ArgumentException($"{candidateEvents} of {candidates} and {incumbentEvents} of {incumbents} are no counts of events");
        var events = candidateEvents + incumbentEvents;
        if (events == 0 || candidates == 0 || incumbents == 0)
            return;
        var (first, weights) = LogHypergeometric(candidates, incumbents, events);
        var atNull = LogTilted(weights, first, this.NullOdds);
        for (var i = 0; i < Alternatives.Length; i++)
        {
            var odds = this.NullOdds * Alternatives[i];
            this.logEvidence[i] += (candidateEvents * Math.Log(Alternatives[i])) - LogTilted(weights, first, odds) + atNull;
        }

        this.LogEvidencePeak = Math.Max(this.LogEvidencePeak, this.LogEvidence);
    }

    /// <summary>Logarithms of C(candidates, x) · C(incumbents, events − x) up to one common constant, from the least possible x on.</summary>
    private static (long First, double[] Weights) LogHypergeometric(long candidates, long incumbents, long events)
    {
        var first = Math.Max(0, events - incumbents);
        var last = Math.Min(events, candidates);
        var weights = new double[last - first + 1];
        for (var i = 1; i < weights.Length; i++)
        {
            var x = first + i - 1;
            weights[i] = weights[i - 1] + Math.Log((double)(candidates - x) * (events - x) / ((double)(x + 1) * (incumbents - events + x + 1)));
        }

        return (first, weights);
    }

    private static double LogTilted(double[] weights, long first, double odds)
    {
        var slope = Math.Log(odds);
        var most = double.NegativeInfinity;
        for (var i = 0; i < weights.Length; i++)
            most = Math.Max(most, weights[i] + ((first + i) * slope));
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
            sum += Math.Exp(weights[i] + ((first + i) * slope) - most);
        return most + Math.Log(sum);
    }

    private static double LogMeanExp(double[] values)
    {
        var most = values.Max();
        return most + Math.Log(values.Sum(v => Math.Exp(v - most)) / values.Length);
    }
}
