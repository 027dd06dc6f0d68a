using System.Text;
using System.Text.Json.Nodes;
using Ci.Evaluation;

namespace Ci.Reporting.Tests;

public sealed class ReportTests
{
    [Fact]
    public void A_report_survives_being_written_and_read()
    {
        var bytes = Samples.EnergyLoad.ToBytes();
        Assert.Equal(bytes, Report.Read(bytes).ToBytes());
    }

    [Fact]
    public void What_is_rendered_from_the_written_report_is_what_was_rendered_before()
    {
        var again = Report.Read(Samples.EnergyLoad.ToBytes());
        Assert.Equal(HtmlReport.Render(Samples.EnergyLoad), HtmlReport.Render(again));
    }

    [Fact]
    public void A_report_of_an_unknown_version_is_refused() =>
        Assert.Contains("mlops.report/v2", Refusal(json => json["schema"] = "mlops.report/v2"), StringComparison.Ordinal);

    [Fact]
    public void Fields_that_are_not_known_are_ignored() =>
        Assert.Equal("energy-load", Report.Read(Changed(json => json["later"] = new JsonObject { ["x"] = 1 })).Model.Name);

    [Fact]
    public void An_unknown_outcome_is_refused() =>
        Assert.Contains("not a report", Refusal(json => json["outcome"] = "splendid"), StringComparison.Ordinal);

    [Fact]
    public void An_outcome_as_a_number_is_refused() =>
        Assert.Contains("not a report", Refusal(json => json["outcome"] = 0), StringComparison.Ordinal);

    [Fact]
    public void A_missing_part_is_named() =>
        Assert.Contains("lineage", Refusal(json => json.Remove("lineage")), StringComparison.Ordinal);

    [Fact]
    public void Null_where_a_value_belongs_is_refused() =>
        Assert.Contains("not a report", Refusal(json => json["gates"] = null), StringComparison.Ordinal);

    [Fact]
    public void More_gates_than_a_reader_could_read_are_refused() =>
        Assert.Contains("gates has 2001 entries", Refusal(json => json["gates"] = new JsonArray([.. Enumerable.Range(0, 2001).Select(_ => json["gates"]![0]!.DeepClone())])), StringComparison.Ordinal);

    [Fact]
    public void A_confusion_matrix_that_is_not_square_is_refused() =>
        Assert.Contains("confusion", Refusal(json => json["series"]!["confusion"] = new JsonObject { ["labels"] = new JsonArray("a", "b"), ["counts"] = new JsonArray(1, 2, 3) }), StringComparison.Ordinal);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var message = Refusal(json =>
        {
            json["task"] = "guessing";
            json["series"]!["residuals"]!["width"] = 0;
            json["data"]!["rowsAlsoInTraining"] = 99999;
        });
        Assert.Contains("guessing", message, StringComparison.Ordinal);
        Assert.Contains("residuals", message, StringComparison.Ordinal);
        Assert.Contains("rowsAlsoInTraining", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_file_is_refused() =>
        Assert.Throws<ReportException>(() => Report.Read(Samples.EnergyLoad.ToBytes().AsSpan(0, 1000)));

    [Fact]
    public void A_file_that_is_too_big_is_refused_before_it_is_parsed() =>
        Assert.Contains("at most", Assert.Throws<ReportException>(() => Report.Read(new byte[Report.MostBytes + 1])).Message, StringComparison.Ordinal);

    private static byte[] Changed(Action<JsonObject> change)
    {
        var json = Samples.Json;
        change(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static string Refusal(Action<JsonObject> change) => Assert.Throws<ReportException>(() => Report.Read(Changed(change))).Message;
}
