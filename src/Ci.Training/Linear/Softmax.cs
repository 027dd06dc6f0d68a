namespace Ci.Training.Linear;

/// <summary>Scores to probabilities, without overflow.</summary>
internal static class Softmax
{
    /// <summary>Returns the logarithm of the sum of exponentials of the scores.</summary>
    public static double InPlace(Span<double> scores)
    {
        var most = double.NegativeInfinity;
        foreach (var score in scores)
            most = Math.Max(most, score);
        double sum = 0;
        for (var k = 0; k < scores.Length; k++)
            sum += scores[k] = Math.Exp(scores[k] - most);
        for (var k = 0; k < scores.Length; k++)
            scores[k] /= sum;
        return most + Math.Log(sum);
    }
}
