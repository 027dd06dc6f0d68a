using System.Text;
using Ci.Testing;

namespace Ci.Releases.Tests;

public sealed class SchemaTests
{
    [Fact]
    public void A_release_fits_its_schema() => Fits("release", Examples.Release().Seal().ToBytes());

    [Fact]
    public void A_golden_set_fits_its_schema() => Fits("golden", Examples.Golden().ToBytes());

    [Fact]
    public void A_channel_fits_its_schema() => Fits("channel", ChannelAndTelemetryTests.Channel.ToBytes());

    [Fact]
    public void A_telemetry_batch_fits_its_schema() => Fits("telemetry", ChannelAndTelemetryTests.Batch.ToBytes());

    [Fact]
    public void A_release_with_an_escaping_path_does_not_fit()
    {
        var text = Encoding.UTF8.GetString(Examples.Release().Seal().ToBytes()).Replace("\"model.onnx\"", "\"../model.onnx\"", StringComparison.Ordinal);
        Assert.NotEmpty(Problems("release", Encoding.UTF8.GetBytes(text)));
    }

    private static void Fits(string schema, byte[] document) => Assert.Equal("", Problems(schema, document));

    private static string Problems(string schema, byte[] document)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Of("document.json");
        File.WriteAllBytes(file, document);
        return JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", $"{schema}.schema.json"), file);
    }
}
