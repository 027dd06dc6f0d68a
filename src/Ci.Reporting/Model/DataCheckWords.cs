using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>A data check in sentences; plain text.</summary>
internal static class DataCheckWords
{
    public static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Pass => "pass",
        CheckOutcome.Fail => "fail",
        _ => "inconclusive",
    };

    /// <summary>"2 of 84 rules are broken, 1 of 70 tests shows drift from data/reference.csv (31,000 rows of data/new.csv)."</summary>
    public static string Sentence(ReportDataCheck check)
    {
        List<string> parts = [];
        if (check.Schema is not null || check.BrokenRules > 0)
            parts.Add(check.BrokenRules == 0 ? $"{Numbers.Count(check.Rules, "rule")} {(check.Rules == 1 ? "holds" : "hold")}" : $"{Numbers.Count(check.BrokenRules)} of {Numbers.Count(check.Rules, "rule")} {(check.BrokenRules == 1 ? "is" : "are")} broken");
        if (check.ReferencePath is not null)
            parts.Add(Drift(check));
        return $"{string.Join(", ", parts)} ({Numbers.Count(check.Rows, "row")} of {PlainText.Clean(check.Path)}).";
    }

    /// <summary>The title of its section: says at once whether anything needs a reader.</summary>
    public static string Title(ReportDataCheck check) => check.Outcome == CheckOutcome.Pass ? "Data check" : $"Data check ({Word(check.Outcome)})";

    /// <summary>How drift is decided; null without a reference.</summary>
    public static string? Note(ReportDataCheck check) => check.Drift.Count == 0
        ? null
        : "Distance: the share of rows that lie elsewhere than in the reference (Kolmogorov–Smirnov; of categories total variation; of missing cells the change of their share). "
            + "A column fails if its distance is at least the limit and chance does not explain it (p adjusted by Holm over all tests).";

    /// <summary>Of tests that are not shown; null where all are.</summary>
    public static string? Rest(ReportDataCheck check, bool all)
    {
        var hidden = check.MoreDrift + (all ? 0 : check.Drift.Count(result => result.Outcome == CheckOutcome.Pass));
        return hidden == 0 ? null : $"{Numbers.Count(hidden, "further test")} {(all ? "not shown" : hidden == 1 ? "passes" : "pass")}.";
    }

    private static string Drift(ReportDataCheck check)
    {
        var tests = check.Drift.Count + check.MoreDrift;
        var (moved, open) = (check.Drift.Count(result => result.Outcome == CheckOutcome.Fail), check.Drift.Count(result => result.Outcome == CheckOutcome.Inconclusive));
        var from = $"from {PlainText.Clean(check.ReferencePath)}";
        var start = moved == 0 && open == 0
            ? $"none of {Numbers.Count(tests, "test")} shows drift {from}"
            : moved > 0 ? $"{Numbers.Count(moved)} of {Numbers.Count(tests, "test")} {(moved == 1 ? "shows" : "show")} drift {from}" : $"{Numbers.Count(open)} of {Numbers.Count(tests, "test")} of drift {from} {(open == 1 ? "has" : "have")} too few rows";
        return moved > 0 && open > 0 ? $"{start}, {Numbers.Count(open)} {(open == 1 ? "has" : "have")} too few rows" : start;
    }
}
