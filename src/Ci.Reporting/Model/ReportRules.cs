namespace Ci.Reporting;

/// <summary>
/// What a report must hold to: bounded lists and texts, finite numbers, series whose lengths agree. Reports may come from a fork's
/// job, so everything is said at once and nothing is taken on trust.
/// </summary>
internal static class ReportRules
{
    private const int MostRows = 2_000;
    private const int MostPoints = 2_000;
    private const int LongestText = 4_000;

    public static void Check(Report report)
    {
        var wrong = new List<string>();
        if (!report.Schema.StartsWith("mlops.report/", StringComparison.Ordinal))
            wrong.Add($"schema is '{PlainText.Clean(report.Schema, 40)}', expected '{Report.CurrentSchema}'");
        else if (report.Schema != Report.CurrentSchema && !report.Schema.StartsWith(Report.CurrentSchema + ".", StringComparison.Ordinal))
            wrong.Add($"schema is '{PlainText.Clean(report.Schema, 40)}', a version that this mlops does not know; expected '{Report.CurrentSchema}'");
        if (report.Task is not ("regression" or "binary" or "multiclass"))
            wrong.Add($"task is '{PlainText.Clean(report.Task, 40)}', expected regression, binary or multiclass");

        Bounded(wrong, "gates", report.Gates.Count, MostRows);
        Bounded(wrong, "metrics", report.Metrics.Count, MostRows);
        Bounded(wrong, "parameters", report.Parameters.Count, MostRows);
        Bounded(wrong, "slices", report.Slices?.Rows.Count ?? 0, MostRows);
        Bounded(wrong, "model.inputs", report.Model.Inputs.Count, MostRows);
        Bounded(wrong, "model.outputs", report.Model.Outputs.Count, MostRows);
        CheckTexts(wrong, report);
        CheckMetrics(wrong, report);
        CheckSeries(wrong, report.Series);
        FigureRules.Check(wrong, report);
        if (report.DataCheck is { } check)
            CheckDataCheck(wrong, check);
        if (wrong.Count > 0)
            throw new ReportException("the report is not valid: " + string.Join("; ", wrong.Take(20)));
    }

    private static void CheckTexts(List<string> wrong, Report report)
    {
        Short(wrong, "model.name", report.Model.Name);
        Short(wrong, "lineage.runUrl", report.Lineage.RunUrl);
        Short(wrong, "noBaseline", report.NoBaseline);
        if (report.Baseline is { CommitsBehind: < 0 })
            wrong.Add("baseline.commitsBehind is below 0");
        foreach (var gate in report.Gates)
        {
            Short(wrong, "gates.name", gate.Name);
            Short(wrong, "gates.reason", gate.Reason);
            Short(wrong, "gates.rule", gate.Rule);
        }

        foreach (var parameter in report.Parameters)
            Short(wrong, "parameters", parameter.Candidate);
        if (report.Slices is { } slices)
        {
            foreach (var slice in slices.Rows)
                Short(wrong, "slices.name", slice.Name);
        }
    }

    private static void CheckMetrics(List<string> wrong, Report report)
    {
        foreach (var metric in report.Metrics)
        {
            Short(wrong, "metrics.name", metric.Name);
            if (metric.Candidate is { Low: { } low, High: { } high } && low > high)
                wrong.Add($"metric '{PlainText.Clean(metric.Name, 40)}' has an interval whose ends are swapped");
        }

        if (report.Data.Rows < 0 || report.Data.RowsAlsoInTraining is < 0 || report.Data.RowsAlsoInTraining > report.Data.Rows)
            wrong.Add("data.rows or data.rowsAlsoInTraining is out of range");
    }

    private static void CheckSeries(List<string> wrong, ReportSeries series)
    {
        if (series.Timeline is { } timeline)
        {
            Bounded(wrong, "series.timeline.points", timeline.Points.Count, MostPoints);
            if (timeline.Days < 1)
                wrong.Add("series.timeline.days must be at least 1");
        }

        if (series.Residuals is { } residuals)
        {
            Bounded(wrong, "series.residuals", residuals.Candidate.Count, MostPoints);
            if (residuals.Width <= 0 || residuals.Candidate.Count == 0)
                wrong.Add("series.residuals needs bins of a width above 0");
            if (residuals.Baseline is { } other && other.Count != residuals.Candidate.Count)
                wrong.Add("series.residuals: baseline and candidate differ in the number of bins");
            if (residuals.Candidate.Concat(residuals.Baseline ?? []).Any(count => count < 0))
                wrong.Add("series.residuals holds a negative count");
        }

        if (series.Confusion is { } confusion && (confusion.Labels.Count is < 1 or > 30 || confusion.Counts.Count != confusion.Labels.Count * confusion.Labels.Count || confusion.Counts.Any(count => count < 0)))
            wrong.Add("series.confusion needs 1 to 30 labels and a count for every pair of them");
        if (series.Calibration is { } calibration)
            Bounded(wrong, "series.calibration", Math.Max(calibration.Candidate.Count, calibration.Baseline?.Count ?? 0), MostPoints);
    }

    private static void CheckDataCheck(List<string> wrong, ReportDataCheck check)
    {
        Bounded(wrong, "dataCheck.breaches", check.Breaches.Count, MostRows);
        Bounded(wrong, "dataCheck.drift", check.Drift.Count, MostRows);
        if (check.Rows < 0 || check.Columns < 0 || check.Rules < 0 || check.MoreBreaches < 0 || check.MoreDrift < 0 || check.ReferenceRows is < 0)
            wrong.Add("a count of dataCheck is below 0");
        Short(wrong, "dataCheck.path", check.Path);
        Short(wrong, "dataCheck.referencePath", check.ReferencePath);
        foreach (var breach in check.Breaches)
        {
            Bounded(wrong, "dataCheck.breaches.lines", breach.Lines.Count, MostRows);
            foreach (var text in breach.Examples.Append(breach.Column).Append(breach.Rule).Append(breach.Expected))
                Short(wrong, "dataCheck.breaches", text);
        }

        foreach (var result in check.Drift)
        {
            foreach (var text in result.NewValues.Append(result.Column).Append(result.Reason).Append(result.Test))
                Short(wrong, "dataCheck.drift", text);
        }
    }

    private static void Bounded(List<string> wrong, string what, int count, int most)
    {
        if (count > most)
            wrong.Add($"{what} has {count} entries, at most {most} are read");
    }

    private static void Short(List<string> wrong, string what, string? text)
    {
        if (text?.Length > LongestText)
            wrong.Add($"{what} is {text.Length} characters long, at most {LongestText} are read");
    }
}
