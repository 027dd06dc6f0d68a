using System.Runtime.CompilerServices;

namespace Ci.Training.Trees;

/// <summary>Finds the best cut of a feature in a leaf's histogram: gain G²ₗ/(Hₗ+λ) + G²ᵣ/(Hᵣ+λ) − G²/(H+λ) (Chen and Guestrin 2016, eq. 7).</summary>
internal sealed class SplitFinder(int minSamplesLeaf, double l2, FixedPoint fixedPoint)
{
    private const double LeastHessian = 1e-3;
    private const double LeastRelativeGain = 1e-12;

    private readonly double gradientStep = fixedPoint.GradientStep;
    private readonly double hessianStep = fixedPoint.HessianStep;

    /// <summary><c>packed</c>: The 256 sums of the feature's column. <c>hessians</c>: Likewise; empty where Hessians are all 1. <c>total</c>: The leaf's own sum of <see cref="FixedPoint.Packed"/>.</summary>
    public Split Best(FeatureBins feature, ReadOnlySpan<long> packed, ReadOnlySpan<long> hessians, long total, long totalHessian)
    {
        long restPacked = 0, restHessian = 0;
        if (feature.DefaultBin >= 0)
        {
            // A shared column does not hold the default bin's sum: it is what the other bins leave of the total.
            (restPacked, restHessian) = (total, totalHessian);
            for (var bin = 0; bin < feature.Bins; bin++)
            {
                if (bin == feature.DefaultBin)
                    continue;
                restPacked -= packed[feature.CodeOf(bin)];
                restHessian -= hessians.IsEmpty ? 0 : hessians[feature.CodeOf(bin)];
            }
        }

        var best = this.Scan(feature, packed, hessians, total, totalHessian, restPacked, restHessian, missing: 0, missingHessian: 0, missingLeft: false);
        if (feature.MissingBin < 0)
            return best;
        var isRest = feature.MissingBin == feature.DefaultBin;
        var missing = isRest ? restPacked : packed[feature.CodeOf(feature.MissingBin)];
        if (missing == 0)
            return best;
        var missingHessian = isRest ? restHessian : hessians.IsEmpty ? 0 : hessians[feature.CodeOf(feature.MissingBin)];
        var left = this.Scan(feature, packed, hessians, total, totalHessian, restPacked, restHessian, missing, missingHessian, missingLeft: true);
        return left.Gain > best.Gain ? left : best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Split Scan(
        FeatureBins feature, ReadOnlySpan<long> packed, ReadOnlySpan<long> hessians, long total, long totalHessian, long restPacked, long restHessian, long missing, long missingHessian, bool missingLeft)
    {
        var constant = hessians.IsEmpty;
        var totalCount = total & FixedPoint.CountMask;
        var totalGradient = (total >> FixedPoint.CountBits) * this.gradientStep;
        var totalH = (constant ? totalCount : totalHessian * this.hessianStep) + l2;
        var parent = totalGradient * totalGradient / totalH;
        var bestScore = parent * (1 + LeastRelativeGain);
        var bestBin = -1;
        long bestPacked = 0, bestHessian = 0;
        // With missing values on the right there is one more cut: all values left, only missing ones right.
        var last = feature.MissingBin >= 0 && !missingLeft ? feature.ValueBins : feature.ValueBins - 1;
        var own = feature.DefaultBin < 0;
        long sum = missing, hessian = missingHessian;
        for (var bin = 0; bin < last; bin++)
        {
            var code = own ? bin : feature.CodeOf(bin);
            var isRest = !own && bin == feature.DefaultBin;
            var here = isRest ? restPacked : packed[code];
            // No rows in this bin: cutting after it is the cut before it.
            if (here == 0)
                continue;
            sum += here;
            if (!constant)
                hessian += isRest ? restHessian : hessians[code];
            var count = sum & FixedPoint.CountMask;
            if (count < minSamplesLeaf)
                continue;
            if (totalCount - count < minSamplesLeaf)
                break;
            var gradient = (sum >> FixedPoint.CountBits) * this.gradientStep;
            var h = (constant ? count : hessian * this.hessianStep) + l2;
            var right = totalH - h + l2;
            if (!constant && (h - l2 < LeastHessian || right - l2 < LeastHessian))
                continue;
            var rest = totalGradient - gradient;
            // One division instead of two: this loop runs for every bin of every feature of every leaf.
            var score = ((gradient * gradient * right) + (rest * rest * h)) / (h * right);
            if (score > bestScore)
                (bestScore, bestBin, bestPacked, bestHessian) = (score, bin, sum, hessian);
        }

        if (bestBin < 0)
            return Split.None;
        var larger = (bestPacked & FixedPoint.CountMask) * 2 > totalCount;
        var anyMissing = missingLeft || this.HasMissing(feature, packed, restPacked);
        return new Split(bestScore - parent, feature.Feature, bestBin, missingLeft || (!anyMissing && larger), bestPacked, bestHessian);
    }

    // A leaf that saw no missing value sends later ones where most of its rows went.
    private bool HasMissing(FeatureBins feature, ReadOnlySpan<long> packed, long restPacked) =>
        feature.MissingBin >= 0 && (feature.MissingBin == feature.DefaultBin ? restPacked : packed[feature.CodeOf(feature.MissingBin)]) != 0;
}
