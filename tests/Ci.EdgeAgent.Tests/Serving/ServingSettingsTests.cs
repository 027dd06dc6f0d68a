using System.Text.Json.Nodes;
using Ci.EdgeAgent.Configuration;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Serving;

public sealed class ServingSettingsTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Support.Root, "docs", "guide", "edge-serving.md"));
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_example_of_the_guide_is_read_and_valid_by_the_schema()
    {
        var example = JsonNode.Parse(Page.Split("```json\n")[1].Split("```")[0])!.AsObject();
        var read = Parse(example);
        Assert.Equal(new BatchingSettings { MaxRows = 32, MaxDelayMs = 2 }, read.Batching["energy-load"]);
        Assert.False(read.Batching["model.v2"].IsOn);
        Assert.Equal(5, read.Limits.TimeoutSeconds);
        Assert.Equal("http://127.0.0.1:8081", read.GrpcListen);
        var schema = Path.Combine(Support.Root, "docs", "protocol", "schemas", "agent-configuration.schema.json");
        Assert.Equal("", JsonSchemas.Problems(schema, folder.Of("agent.json")));
    }

    [Fact]
    public void A_models_own_setting_comes_before_the_one_for_all_and_its_name_may_have_dots()
    {
        var read = Parse(new JsonObject { ["batching"] = JsonNode.Parse("""{"maxRows":8,"maxDelayMs":1,"models":{"model.v2":{"maxRows":4}}}""") });
        Assert.Equal(new BatchingSettings { MaxRows = 8, MaxDelayMs = 1 }, read.Batching["energy-load"]);
        Assert.Equal(new BatchingSettings { MaxRows = 4, MaxDelayMs = 1 }, read.Batching["model.v2"]);
        var overridden = Parse([], new() { ["MLOPS_EDGE_BATCHING_MODEL_V2_MAX_ROWS"] = "16" });
        Assert.Equal(16, overridden.Batching["model.v2"].MaxRows);
    }

    [Theory]
    [InlineData("""{"batching":{"maxRows":0}}""", "`batching.maxRows` (MLOPS_EDGE_BATCHING__MAX_ROWS) must be a whole number from 1 to 4096")]
    [InlineData("""{"batching":{"models":{"other":{"maxRows":2}}}}""", "`batching.models.other` means nothing")]
    [InlineData("""{"limits":{"timeoutSeconds":0}}""", "`limits.timeoutSeconds`")]
    [InlineData("""{"grpcListen":"127.0.0.1"}""", "`grpcListen` must be like")]
    public void A_wrong_setting_is_told(string json, string words) =>
        Assert.Contains(words, Assert.Throws<AgentConfigurationException>(() => Parse(JsonNode.Parse(json)!.AsObject())).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_setting_of_the_guides_table_has_its_default_and_its_variable()
    {
        var defaults = Parse([]);
        foreach (var row in Page.Split('\n').Where(l => l.StartsWith("| `limits.", StringComparison.Ordinal)))
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            var property = typeof(LimitsSettings).GetProperty(char.ToUpperInvariant(cells[1].Trim('`')["limits.".Length]) + cells[1].Trim('`')["limits.x".Length..])!;
            Assert.Equal(cells[3], Convert.ToString(property.GetValue(defaults.Limits), System.Globalization.CultureInfo.InvariantCulture));
            var given = cells[1].Contains("Bytes", StringComparison.Ordinal) ? "100000" : "33";
            var read = Parse([], new() { [cells[2].Trim('`')] = given });
            Assert.Equal(given, Convert.ToString(property.GetValue(read.Limits), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private AgentConfiguration Parse(JsonObject more, Dictionary<string, string>? environment = null)
    {
        folder.Write("key.pem", "x");
        var whole = JsonNode.Parse("""{"device":"d1","environment":"production","models":["energy-load","model.v2"],"source":{"git":"https://example.org/deploy.git"},"store":"blobs","trustedKeys":["key.pem"],"data":"data"}""")!.AsObject();
        foreach (var (name, value) in more)
            whole[name] = value?.DeepClone();
        return AgentConfigurationFile.Read(folder.Write("agent.json", whole.ToJsonString()), environment ?? []);
    }
}
