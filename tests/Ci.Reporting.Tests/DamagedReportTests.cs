using Ci.Testing;

namespace Ci.Reporting.Tests;

public sealed class DamagedReportTests
{
    [Fact]
    public void A_damaged_report_is_rendered_or_refused() => DocumentDamage.Check<ReportException>(Samples.EnergyLoad.ToBytes(), Render);

    [Fact]
    public void A_damaged_report_of_a_classification_is_rendered_or_refused() => DocumentDamage.Check<ReportException>(Samples.Classification.ToBytes(), Render);

    private static void Render(byte[] json)
    {
        var report = Report.Read(json);
        MarkdownReport.Render(report, new Dictionary<string, string>());
        HtmlReport.Render(report);
        report.ToBytes();
    }
}
