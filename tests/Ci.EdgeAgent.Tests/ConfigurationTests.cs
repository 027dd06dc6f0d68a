using System.Text;
using Ci.EdgeAgent.Configuration;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ConfigurationTests() => folder.Write("key.pem", "x");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_example_of_the_template_is_valid()
    {
        var example = File.ReadAllText(Path.Combine(Support.Root, "templates", "edge-agent", "agent.json"));
        var read = Parse(example, new() { ["MLOPS_EDGE_TRUSTED_KEYS"] = folder.Of("key.pem") });
        Assert.Equal("production", read.Environment);
        Assert.Equal(["energy-load"], read.Models);
    }

    [Fact]
    public void The_schema_takes_the_template_and_the_examples_of_the_documentation_and_so_does_the_agent()
    {
        var schema = RepositoryRoot.At("docs", "protocol", "schemas", "agent-configuration.schema.json");
        string[] pages = [RepositoryRoot.At("docs", "protocol", "agent-configuration.md"), RepositoryRoot.At("docs", "guide", "edge-agent.md"), RepositoryRoot.At("docs", "guide", "edge-sources.md"), RepositoryRoot.At("templates", "edge-agent", "README.md")];
        var examples = pages.SelectMany(page => JsonBlocks(File.ReadAllText(page))).Append(File.ReadAllText(RepositoryRoot.At("templates", "edge-agent", "agent.json"))).ToList();
        Assert.True(examples.Count >= 3, "the template and an example in each of the pages for people");
        foreach (var example in examples)
        {
            Assert.Equal("", JsonSchemas.Problems(schema, folder.Write("example.json", example)));
            Parse(example, new() { ["MLOPS_EDGE_TRUSTED_KEYS"] = folder.Of("key.pem"), ["MLOPS_EDGE_SOURCE_KEYS"] = folder.Of("key.pem") });
        }

        Assert.NotEqual("", JsonSchemas.Problems(schema, folder.Write("example.json", examples[^1].Replace("pollSeconds", "pollSecond", StringComparison.Ordinal))));
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var error = Assert.Throws<AgentConfigurationException>(() => Parse("""{"device":"../x","models":["a","a"],"pollSeconds":"soon","pol":1,"listen":"ftp://x","trustedKeys":["none.pem"],"source":{"token":"s3cret"}}"""));
        string[] expected = ["`device`", "`environment` is missing", "names a more than once", "`pollSeconds`", "`pol` means nothing", "`listen`", "none.pem", "MLOPS_EDGE_SOURCE_TOKEN", "`store` is missing", "`data` is missing", "`source.git` is missing"];
        Assert.All(expected, part => Assert.Contains(error.Errors, e => e.Contains(part, StringComparison.Ordinal)));
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_comes_before_the_file_and_an_unknown_variable_is_an_error()
    {
        var read = Parse(Valid, new() { ["MLOPS_EDGE_POLL_SECONDS"] = "2.5", ["MLOPS_EDGE_SOURCE_TOKEN"] = "t", ["MLOPS_EDGE_MAILBOX_STORE"] = "box" });
        Assert.Equal(2.5, read.PollSeconds);
        Assert.Equal("t", read.SourceToken);
        Assert.Equal(folder.Of("box"), read.MailboxStore);
        var error = Assert.Throws<AgentConfigurationException>(() => Parse(Valid, new() { ["MLOPS_EDGE_POLSECONDS"] = "2" }));
        Assert.Contains("MLOPS_EDGE_POLSECONDS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotas_have_defaults_and_ranges()
    {
        Assert.Equal((16 << 20, 0L), (Parse(Valid).Quota.KeepFreeBytes, Parse(Valid).Quota.WriteBytesPerDay));
        var read = Parse(Valid.Replace("\"device\"", "\"quota\":{\"keepFreeBytes\":5,\"writeBytesPerDay\":2000000},\"device\"", StringComparison.Ordinal));
        Assert.Equal((5L, 2_000_000L), (read.Quota.KeepFreeBytes, read.Quota.WriteBytesPerDay));
        var error = Assert.Throws<AgentConfigurationException>(() => Parse(Valid, new() { ["MLOPS_EDGE_QUOTA_WRITE_BYTES_PER_DAY"] = "1000" }));
        Assert.Contains("at least 1048576", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_underscores_reach_a_nested_member_and_the_older_name_still_does()
    {
        Assert.Equal(4096, Parse(Valid, new() { ["MLOPS_EDGE_LIMITS__MAX_BODY_BYTES"] = "4096" }).MaxBodyBytes);
        Assert.Equal(4096, Parse(Valid, new() { ["MLOPS_EDGE_MAX_BODY_BYTES"] = "4096" }).MaxBodyBytes);
        Assert.Equal("main2", Parse(Valid, new() { ["MLOPS_EDGE_SOURCE__BRANCH"] = "main2", ["MLOPS_EDGE_SOURCE_BRANCH"] = "main2" }).SourceBranch);
        var error = Assert.Throws<AgentConfigurationException>(() => Parse(Valid, new() { ["MLOPS_EDGE_SOURCE__BRANCH"] = "a", ["MLOPS_EDGE_SOURCE_BRANCH"] = "b" }));
        Assert.Contains("both stand for `source.branch` and differ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"pollSecond\":1", "`pollSecond` means nothing; did you mean pollSeconds?; known at the top")]
    [InlineData("\"limits\":{\"maxBodyByte\":1}", "`limits.maxBodyByte` means nothing; did you mean limits.maxBodyBytes?; known in `limits`: headerSeconds, keepAliveSeconds, maxBodyBytes")]
    [InlineData("\"threads\":1.5", "`threads` (MLOPS_EDGE_THREADS) must be a whole number from 1 to 256")]
    [InlineData("\"log\":{\"format\":\"xml\"}", "`log.format` must be one of auto, text, journald, json")]
    public void What_is_not_known_is_told_with_its_path_and_what_was_probably_meant(string member, string words)
    {
        var error = Assert.Throws<AgentConfigurationException>(() => Parse(Valid[..^1] + "," + member + "}"));
        Assert.Single(error.Errors);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_with_a_typing_error_is_told_with_the_right_one()
    {
        var error = Assert.Throws<AgentConfigurationException>(() => Parse(Valid, new() { ["MLOPS_EDGE_POLL_SECOND"] = "2" }));
        Assert.Contains("did you mean MLOPS_EDGE_POLL_SECONDS?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_are_relative_to_the_file_and_addresses_stay()
    {
        var read = Parse(Valid);
        Assert.Equal(folder.Of("blobs"), read.Store);
        Assert.Equal("https://example.org/deploy.git", read.SourceGit);
        Assert.Equal(folder.Of("key.pem"), Assert.Single(read.TrustedKeys));
    }

    private static string Valid => """{"device":"d1","environment":"production","models":["m1"],"source":{"git":"https://example.org/deploy.git"},"store":"blobs","trustedKeys":["key.pem"],"data":"data"}""";

    private AgentConfiguration Parse(string json, Dictionary<string, string>? environment = null) =>
        AgentConfigurationFile.Parse(Encoding.UTF8.GetBytes(json), folder.Of("agent.json"), environment ?? []);

    // Shown as such, or written by a shell.
    private static IEnumerable<string> JsonBlocks(string page) =>
        page.Split("```json\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
            .Concat(page.Split("agent.json <<'END'\n").Skip(1).Select(rest => rest[..rest.IndexOf("END\n", StringComparison.Ordinal)]));
}
