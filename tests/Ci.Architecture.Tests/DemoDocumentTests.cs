using Ci.Testing;

namespace Ci.Architecture.Tests;

/// <summary>The documents of the last demo, against the schemas that docs/protocol/ publishes. `build -- test` plays the demo first.</summary>
public sealed class DemoDocumentTests
{
    private static readonly string Documents = RepositoryRoot.At("artifacts", "demo", "documents");

    [Theory]
    [InlineData("evaluation")]
    [InlineData("verdict")]
    [InlineData("report")]
    [InlineData("release")]
    [InlineData("channel")]
    [InlineData("telemetry")]
    public void A_document_of_the_demo_is_valid_by_its_schema(string name)
    {
        var document = Path.Combine(Documents, $"{name}.json");
        Assert.True(File.Exists(document), $"{document} is missing: `dotnet run --project build -- demo` makes it");
        Assert.Equal("", JsonSchemas.Problems(Schema(name), document));
    }

    [Fact]
    public void The_bundle_of_the_demo_is_valid_by_the_schemas_of_OpenSSF_Model_Signing()
    {
        var schemas = RepositoryRoot.At("tests", "Fixtures", "oms", "schemas", "v1.0");
        Assert.Equal("", JsonSchemas.Problems(
            Path.Combine(schemas, "bundle.schema.json"),
            Path.Combine(Documents, "release.sigstore.json"),
            Path.Combine(schemas, "envelope.schema.json")));
    }

    [Fact]
    public void A_document_that_breaks_its_schema_is_found_out()
    {
        using var folder = new TemporaryFolder();
        var broken = Path.Combine(folder.Path, "channel.json");
        File.WriteAllText(broken, """{"schema":"mlops.channel/v1","environment":"production","model":"m","release":"not a digest","sequence":-1}""");
        Assert.NotEqual("", JsonSchemas.Problems(Schema("channel"), broken));
    }

    private static string Schema(string name) => RepositoryRoot.At("docs", "protocol", "schemas", $"{name}.schema.json");
}
