namespace Ci.Statistics;

/// <summary>
/// Metrics of a classification. Targets and labels are class numbers 0, 1, 2, … held as doubles, one a row; scores and probabilities
/// one a row (of class 1), or row-major rows × classes where a method takes the number of classes.
/// </summary>
public static class ClassificationMetrics
{
    /// <summary>Probabilities are clipped to [ε, 1 − ε] before a logarithm, with the ε of 64-bit floating point, as scikit-learn does.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The share of rows whose label is right, in [0, 1]. Higher is better.</summary>
    public static double Accuracy(ReadOnlySpan<double> target, ReadOnlySpan<double> label)
    {
        Pairs.Check(target.Length, label.Length);
        var right = 0;
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] == label[i])
                right++;
        }

        return (double)right / target.Length;
    }

    /// <summary>Binary cross-entropy −Σ ln P(truth) / n in nats. Lower is better.</summary>
    public static double LogLoss(ReadOnlySpan<double> target, ReadOnlySpan<double> probability)
    {
        Pairs.Check(target.Length, probability.Length);
        double sum = 0;
        for (var i = 0; i < target.Length; i++)
        {
            var p = Math.Clamp(probability[i], Epsilon, 1 - Epsilon);
            sum -= target[i] != 0 ? Math.Log(p) : Math.Log(1 - p);
        }

        return sum / target.Length;
    }

    /// <summary>Cross-entropy over several classes, in nats; a row's probabilities are first divided by their sum. Lower is better.</summary>
    public static double LogLoss(ReadOnlySpan<double> target, ReadOnlySpan<double> probabilities, int classes)
    {
        Pairs.Check(target.Length * classes, probabilities.Length);
        double sum = 0;
        for (var i = 0; i < target.Length; i++)
        {
            var row = probabilities.Slice(i * classes, classes);
            double total = 0;
            foreach (var p in row)
                total += Math.Clamp(p, Epsilon, 1 - Epsilon);
            sum -= Math.Log(Math.Clamp(row[(int)target[i]], Epsilon, 1 - Epsilon) / total);
        }

        return sum / target.Length;
    }

    /// <summary>The area under the ROC curve: how often a row of class 1 scores above one of class 0, ties counting half
    /// (Mann–Whitney's U over the number of pairs). NaN where a class has no rows. Higher is better.</summary>
    public static double RocAuc(ReadOnlySpan<double> target, ReadOnlySpan<double> score)
    {
        Pairs.Check(target.Length, score.Length);
        var (scores, truths) = SortByScore(target, score);
        double rankSum = 0;
        long positives = 0;
        for (var i = 0; i < scores.Length;)
        {
            var end = i;
            var tied = 0;
            while (end < scores.Length && scores[end] == scores[i])
            {
                if (truths[end] != 0)
                    tied++;
                end++;
            }

            rankSum += tied * ((i + 1 + end) / 2.0);
            positives += tied;
            i = end;
        }

        var negatives = scores.Length - positives;
        return positives == 0 || negatives == 0
            ? double.NaN
            : (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }

    /// <summary>Average precision Σ (R_k − R_{k−1}) · P_k over the distinct scores from high to low: the area under the precision–recall
    /// curve without interpolation. NaN where no row is of class 1. Higher is better.</summary>
    public static double PrAuc(ReadOnlySpan<double> target, ReadOnlySpan<double> score)
    {
        Pairs.Check(target.Length, score.Length);
        var (scores, truths) = SortByScore(target, score);
        double area = 0;
        long positives = 0;
        for (var end = scores.Length - 1; end >= 0;)
        {
            var start = end;
            long found = 0;
            while (start >= 0 && scores[start] == scores[end])
            {
                if (truths[start] != 0)
                    found++;
                start--;
            }

            positives += found;
            area += found * ((double)positives / (scores.Length - 1 - start));
            end = start;
        }

        return positives == 0 ? double.NaN : area / positives;
    }

    /// <summary>The F1 score 2·TP / (2·TP + FP + FN) of each class that occurs among targets or labels, averaged without weights. Higher is better.</summary>
    public static double F1Macro(ReadOnlySpan<double> target, ReadOnlySpan<double> label)
    {
        Pairs.Check(target.Length, label.Length);
        var classes = 0;
        for (var i = 0; i < target.Length; i++)
            classes = Math.Max(classes, 1 + (int)Math.Max(target[i], label[i]));
        Span<int> counts = classes <= 128 ? stackalloc int[classes * 3] : new int[classes * 3];
        for (var i = 0; i < target.Length; i++)
        {
            var truth = (int)target[i] * 3;
            var said = (int)label[i] * 3;
            counts[truth + 1]++;
            counts[said + 2]++;
            if (truth == said)
                counts[truth]++;
        }

        double sum = 0;
        var seen = 0;
        for (var c = 0; c < counts.Length; c += 3)
        {
            var rows = counts[c + 1] + counts[c + 2];
            if (rows == 0)
                continue;
            sum += 2.0 * counts[c] / rows;
            seen++;
        }

        return sum / seen;
    }

    /// <summary>Brier's score Σ(p − t)² / n of the probability of class 1, in [0, 1]. Lower is better.</summary>
    public static double Brier(ReadOnlySpan<double> target, ReadOnlySpan<double> probability)
    {
        Pairs.Check(target.Length, probability.Length);
        double sum = 0;
        for (var i = 0; i < target.Length; i++)
            sum += (probability[i] - target[i]) * (probability[i] - target[i]);
        return sum / target.Length;
    }

    /// <summary>Brier's score over several classes: Σ over rows and classes of (p − [class is the truth])² / n, in [0, 2]. Lower is better.</summary>
    public static double Brier(ReadOnlySpan<double> target, ReadOnlySpan<double> probabilities, int classes)
    {
        Pairs.Check(target.Length * classes, probabilities.Length);
        double sum = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var error = probabilities[i] - (i % classes == (int)target[i / classes] ? 1 : 0);
            sum += error * error;
        }

        return sum / target.Length;
    }

    private static (double[] Scores, double[] Targets) SortByScore(ReadOnlySpan<double> target, ReadOnlySpan<double> score)
    {
        var scores = score.ToArray();
        var truths = target.ToArray();
        Array.Sort(scores, truths);
        return (scores, truths);
    }
}
