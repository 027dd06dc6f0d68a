using System.Text;
using System.Text.Json.Nodes;
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
    [InlineData("golden")]
    public void A_document_of_the_demo_is_valid_by_its_schema(string name)
    {
        var document = Path.Combine(Documents, $"{name}.json");
        Assert.True(File.Exists(document), $"{document} is missing: `dotnet run --project build -- demo` makes it");
        Assert.Equal("", JsonSchemas.Problems(Schema(name), document));
    }

    [Fact]
    public void The_agents_template_is_valid_by_its_schema() =>
        Assert.Equal("", JsonSchemas.Problems(Schema("agent-configuration"), RepositoryRoot.At("templates", "edge-agent", "agent.json")));

    [Fact]
    public void The_bundle_of_the_demo_is_valid_by_the_schemas_of_OpenSSF_Model_Signing()
    {
        var bundle = Path.Combine(Documents, "release.sigstore.json");
        Assert.Equal("", JsonSchemas.Problems(SigningSchema("bundle"), bundle, SigningSchema("envelope")));

        using var folder = new TemporaryFolder();
        var envelope = JsonNode.Parse(File.ReadAllText(bundle))!["dsseEnvelope"]!;
        var statement = folder.Write("statement.json", Encoding.UTF8.GetString(Convert.FromBase64String((string)envelope["payload"]!)));
        Assert.Equal("", JsonSchemas.Problems(SigningSchema("statement"), statement, SigningSchema("predicate")));
    }

    [Fact]
    public void A_document_that_breaks_its_schema_is_found_out()
    {
        using var folder = new TemporaryFolder();
        var broken = Path.Combine(folder.Path, "channel.json");
        File.WriteAllText(broken, """{"schema":"mlops.channel/v1","environment":"production","model":"m","release":"not a digest","sequence":-1}""");
        Assert.NotEqual("", JsonSchemas.Problems(Schema("channel"), broken));
    }

    private static string SigningSchema(string name) => RepositoryRoot.At("tests", "Fixtures", "oms", "schemas", "v1.0", $"{name}.schema.json");

    private static string Schema(string name) => RepositoryRoot.At("docs", "protocol", "schemas", $"{name}.schema.json");
}
