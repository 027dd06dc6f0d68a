using System.Globalization;
using System.Text;
using System.Xml;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// The gates as a JUnit file, one test case a gate, for the test widgets of forges and CI servers. What is inconclusive or waits is
/// skipped, with its reason. https://docs.gitlab.com/ci/testing/unit_test_reports/
/// </summary>
public static class JUnitReport
{
    /// <summary>Renders the file, UTF-8, ending in a line feed.</summary>
    /// <param name="report">The report.</param>
    /// <param name="gatesFile">Where the gates stand, as widgets show it.</param>
    public static byte[] Render(Report report, string gatesFile = "gates.yaml")
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CheckCharacters = true }))
        {
            var (failed, skipped) = (report.Gates.Count(IsFailed), report.Gates.Count(IsSkipped));
            xml.WriteStartElement("testsuites");
            Counts(xml, "mlops", report.Gates.Count, failed, skipped);
            xml.WriteStartElement("testsuite");
            Counts(xml, PlainText.Clean(report.Model.Name), report.Gates.Count, failed, skipped);
            xml.WriteAttributeString("timestamp", report.Lineage.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            foreach (var gate in report.SortedGates)
                Case(xml, report, gate, gatesFile);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static void Case(XmlWriter xml, Report report, ReportGate gate, string gatesFile)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", PlainText.Clean(GateWords.Title(gate)));
        xml.WriteAttributeString("classname", PlainText.Clean(report.Model.Name));
        xml.WriteAttributeString("file", PlainText.Clean(gatesFile));
        xml.WriteAttributeString("time", "0");
        if (IsFailed(gate) || IsSkipped(gate))
        {
            xml.WriteStartElement(IsFailed(gate) ? "failure" : "skipped");
            xml.WriteAttributeString("message", GateWords.Reason(gate));
            if (IsFailed(gate))
            {
                xml.WriteAttributeString("type", "regress");
                xml.WriteString(GateWords.Sentence(report, gate));
            }

            xml.WriteEndElement();
        }

        xml.WriteStartElement("system-out");
        xml.WriteString(GateWords.Sentence(report, gate));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, string name, int tests, int failed, int skipped)
    {
        xml.WriteAttributeString("name", name);
        foreach (var (key, count) in (ReadOnlySpan<(string, int)>)[("tests", tests), ("failures", failed), ("errors", 0), ("skipped", skipped)])
            xml.WriteAttributeString(key, count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", "0");
    }

    private static bool IsFailed(ReportGate gate) => !gate.Skipped && gate.Outcome == Outcome.Regress;

    private static bool IsSkipped(ReportGate gate) => gate.Skipped || gate.Outcome == Outcome.Inconclusive;
}
