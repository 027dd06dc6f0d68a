namespace Ci.Evaluation;

/// <summary>Counts predictions against targets in squares.</summary>
internal static class ActualSquares
{
    private const int LeastBins = 8;

    /// <summary>Null where all targets are equal: there is nothing to lay an axis along.</summary>
    public static ActualSeries? Of(Scores scores)
    {
        var (low, high) = (scores.Target.Min(), scores.Target.Max());
        // A twentieth of room on both sides, for models say more than there was.
        var room = (high - low) / 20;
        if (!(room > 0) || !double.IsFinite(room))
            return null;
        var wished = Math.Clamp((int)Math.Sqrt(scores.Rows), LeastBins, ActualSeries.MostBins - 2);
        var width = SeriesBuilder.Round((high - low + (2 * room)) / wished);
        var start = Math.Floor((low - room) / width) * width;
        var bins = Math.Clamp((int)Math.Ceiling((high + room - start) / width), 1, ActualSeries.MostBins);
        var counts = new int[bins * bins];
        var beyond = 0;
        for (var row = 0; row < scores.Rows; row++)
        {
            var actual = Math.Clamp((int)((scores.Target[row] - start) / width), 0, bins - 1);
            var predicted = Math.Floor((scores.Prediction[row] - start) / width);
            if (predicted >= 0 && predicted < bins)
                counts[(actual * bins) + (int)predicted]++;
            else
                beyond++;
        }

        return new ActualSeries(start, width, bins, counts, beyond);
    }
}
