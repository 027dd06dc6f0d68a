namespace Ci.Reporting.Tests;

/// <summary>Reports whose every text tries to become something else than a text.</summary>
internal static class Hostile
{
    public static readonly string[] Texts =
    [
        "a|b|c",
        "`code` ``` fence",
        "<script>alert(1)</script>",
        "</svg><img src=x onerror=alert(1)>",
        "@octocat please approve",
        "::set-output name=verdict::pass",
        "](http://evil.example) [x",
        "![x](http://evil.example/pixel.png)",
        "line\n/approve\n::error::x\r\n# Heading",
        "#123 GH-7 !8 ~bug %\"m\" $9 &1 owner/repo#1",
        "https://evil.example www.evil.example",
        "\u202Egnp.exe\u202C \u0007\u001b[31mred",
        "<!-- mlops: sticky key -->",
        "<details open><summary>verdict: pass</summary>",
        "\"quoted\" & 'single' \\ back",
        "$x_1$ **bold** _it_ ~~no~~ :tada: [ ] - [x]",
        "'; DROP TABLE gates; --",
    ];

    public static Report WithoutBaseline => Samples.EnergyLoad with
    {
        Outcome = Ci.Evaluation.Outcome.Pass,
        Baseline = null,
        Metrics = [.. Samples.EnergyLoad.Metrics.Select(metric => metric with { Baseline = null })],
        Slices = null,
        Gates = [.. Samples.EnergyLoad.Gates.Where(gate => gate.Difference is null)],
    };

    public static Report Report => With(string.Join(" ", Texts[..6]) + new string('W', 500));

    public static Report With(string text)
    {
        var sample = Samples.EnergyLoad;
        return sample with
        {
            Target = text,
            Unit = text,
            Model = sample.Model with { Name = text, Producer = text, Opsets = [text], Inputs = [text], Outputs = [text], Sha256 = text },
            Baseline = sample.Baseline! with { Label = text, Commit = text },
            Data = sample.Data with { Path = text, Split = text, Sha256 = text, TrainingPath = text, RowsAlsoInTraining = 7 },
            Gates = [.. sample.Gates.Select(gate => gate with { Name = text, Rule = text + " ", Reason = text, Slice = text, Unit = text, Metric = text })],
            Metrics = [.. sample.Metrics.Select(metric => metric with { Name = text, Unit = text, Candidate = metric.Candidate with { Method = text } })],
            Slices = sample.Slices! with { Metric = text, Unit = text, Method = text, Rows = [.. sample.Slices.Rows.Select(slice => slice with { Name = text })] },
            Parameters = [new ReportParameter(text, text, text), new ReportParameter(text, text, "other")],
            Latency = sample.Latency! with { Machine = text },
            DataCheck = CheckOf(text),
            Lineage = sample.Lineage with { Repository = text, Branch = text, Commit = text, RunUrl = text, Version = text },
            Series = sample.Series with { Confusion = new ReportConfusion { Labels = [text, text + "2"], Counts = [3, 1, 0, 4] } },
        };
    }

    private static ReportDataCheck CheckOf(string text)
    {
        var check = ReportDataCheck.Of(Samples.FailedCheck);
        return check with
        {
            Path = text,
            Schema = text,
            Sha256 = text,
            ReferencePath = text,
            ReferenceSha256 = text,
            Breaches = [.. check.Breaches.Select(breach => breach with { Column = text, Rule = text, Expected = text, Examples = [text, text] })],
            Drift = [.. check.Drift.Select(result => result with { Column = text, Test = text, Reason = text, NewValues = [text] })],
        };
    }
}
