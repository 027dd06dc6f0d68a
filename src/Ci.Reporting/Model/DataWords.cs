using System.Globalization;

namespace Ci.Reporting;

/// <summary>The data in words: how many rows, of when, and whether the training data leaks into them.</summary>
internal static class DataWords
{
    /// <summary>"5,088 hours of 2020", or "5,088 rows" where the rows' times do not say more.</summary>
    public static string Rows(Report report)
    {
        var data = report.Data;
        var span = Span(data);
        var noun = IsHourly(data) ? "hour" : "row";
        return span is null ? Numbers.Count(data.Rows, noun) : $"{Numbers.Count(data.Rows, noun)} of {span}";
    }

    /// <summary>"2020", "March 2020" or "2020-01-01 to 2021-03-04".</summary>
    public static string? Span(ReportData data)
    {
        if (!TryTime(data.From, out var from) || !TryTime(data.To, out var to))
            return null;
        if (from.Year == to.Year)
            return from.Month == to.Month ? from.ToString("MMMM yyyy", CultureInfo.InvariantCulture) : from.ToString("yyyy", CultureInfo.InvariantCulture);
        return $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd}";
    }

    /// <summary>"None of the 5,088 evaluation rows stands in the training data." or the warning; null where it was not looked at.</summary>
    public static string? Leak(ReportData data) => data.RowsAlsoInTraining switch
    {
        null => null,
        0 => $"None of the {Numbers.Count(data.Rows)} evaluation rows stands in the training data.",
        { } shared => $"{Numbers.Count(shared)} of {Numbers.Count(data.Rows)} evaluation rows also {(shared == 1 ? "stands" : "stand")} in the training data: "
            + "every metric here is better than it will be in use.",
    };

    /// <summary>The metric on the training rows, said only as a warning; null where it is not known.</summary>
    public static string? Training(Report report) => report.Metrics.FirstOrDefault(metric => metric.Training is not null) is { Training: { } training } first
        ? $"{MetricName.Of(first.Name)} on the model's own training rows is {Numbers.WithUnit(Numbers.Text(training), PlainText.Clean(first.Unit))}. "
            + "That says how well it remembers, not how well it forecasts: compare models by the figures above."
        : null;

    public static bool TryTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    // Hourly where the span holds about one row an hour; gaps of a few per cent do not change the word.
    private static bool IsHourly(ReportData data)
    {
        if (!TryTime(data.From, out var from) || !TryTime(data.To, out var to))
            return false;
        var hours = (to - from).TotalHours + 1;
        return data.Rows > 48 && data.Rows <= hours && data.Rows >= hours * 0.9;
    }
}
