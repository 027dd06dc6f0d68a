using System.Globalization;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>A data check as lines of a terminal, in the report's words.</summary>
public static class DataCheckText
{
    /// <summary>"fail: 2 of 84 rules are broken (31,000 rows of data/new.csv)."</summary>
    public static string Headline(DataCheck check)
    {
        var shown = ReportDataCheck.Of(check);
        return $"{DataCheckWords.Word(shown.Outcome)}: {DataCheckWords.Sentence(shown)}";
    }

    /// <summary>What is wrong or open, one line each, what is wrong first.</summary>
    public static IEnumerable<string> Lines(DataCheck check)
    {
        var shown = ReportDataCheck.Of(check);
        return shown.Breaches.Select(Line).Concat(shown.Drift.Where(result => result.Outcome != CheckOutcome.Pass).Select(result =>
            PlainText.Clean($"{DataCheckWords.Word(result.Outcome)}: {result.Column}{(result.Subject == "missing" ? ", its missing cells" : "")}: {result.Reason}", 1_000)));
    }

    private static string Line(Breach breach)
    {
        var column = breach.Column is null ? "" : $"{breach.Column}: ";
        var rows = breach.Share is { } share ? $"{Numbers.Count(breach.Count, "row")} ({Numbers.Percent(share)})" : breach.Rule == "rows" ? Numbers.Count(breach.Count, "row") : "";
        var lines = breach.Lines.Count > 0 ? $"line {string.Join(", ", breach.Lines.Select(line => line.ToString(CultureInfo.InvariantCulture)))}" : "";
        var near = breach.Rule is "required" or "extra_columns";
        var found = breach.Examples.Count == 0 ? "" : near ? $"near: {breach.Examples[0]}" : string.Join(", ", breach.Examples.Select(example => $"'{example}'"));
        return PlainText.Clean($"fail: {column}{breach.Rule}: wanted {breach.Expected}; {string.Join("; ", new[] { rows, lines, found }.Where(part => part.Length > 0))}".TrimEnd(' ', ';'), 1_000);
    }
}
