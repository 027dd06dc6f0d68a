using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.Reporting.Tests;

/// <summary>Hugging Face's front matter: out, in, and into a README that people wrote.</summary>
public sealed class HubTests
{
    private const string Theirs =
        """
        ---
        # Ours, by hand.
        license:   mit   # as agreed
        tags: [energy,  "load"]
        widget:
          - text: "keep me"
        model-index:
        - name: someone/else
          results:
            - task: {type: x}
        - name: example/energy-load
          # their own result
          results:
          -   task:
                type: tabular-regression
              dataset:
                name: Another
                type: other/data
              metrics:
                - type: rmse
                  value: "20.0 ± 1.2"   # by hand
          - task:
              type: tabular-regression
            dataset:
              type: example/italian-load
              name: Italian electricity load
              split: test
            metrics:
            - type: rmse
              value: 1.0
            - type: pinball
              value: 7
            - type: mae
              value: 3
              verified: true
            source:
              name: desk
              url: https://example.org
        base_model: a/b
        ---
        # My model

        - [ ] a task, `$x_1$`
        > [!WARNING]
        > as people wrote it

        """;

    [Fact]
    public void Metrics_that_were_written_are_read_back()
    {
        var metrics = HubReading.Metrics(HubCard.Create(Cards.Card()), "README.md");
        Assert.Equal(["rmse", "mae", "bias", "mape", "r_squared"], metrics.Select(metric => metric.Metric));
        Assert.Equal(Samples.EnergyLoad.Metrics.Select(metric => metric.Candidate.Value), metrics.Select(metric => metric.Value!.Value));
        Assert.Equal(Samples.EnergyLoad.Metrics.Select(metric => metric.Candidate.Low), metrics.Select(metric => metric.Low));
        Assert.All(metrics, metric => Assert.Equal(("example/energy-load", "tabular-regression", "example/italian-load", "test", false), (metric.Model, metric.Task, metric.Dataset, metric.Split, metric.Verified)));
    }

    [Fact]
    public void An_update_replaces_our_result_and_leaves_every_other_byte()
    {
        var updated = HubCard.Update(Theirs, Cards.Card(), "README.md");
        var (before, after) = (Theirs.Split('\n'), updated.Split('\n'));
        var first = Array.IndexOf(before, "  - task:");
        Assert.Equal(before[..first], after[..first]);
        var rest = string.Join('\n', before[Array.IndexOf(before, "base_model: a/b")..Array.LastIndexOf(before, "---")]);
        Assert.Contains("\n" + rest, updated, StringComparison.Ordinal);
        Assert.Contains(Theirs[Theirs.IndexOf("# My model", StringComparison.Ordinal)..], updated, StringComparison.Ordinal);
        Assert.Contains("\nlibrary_name: onnx\npipeline_tag: tabular-regression\n---\n", updated, StringComparison.Ordinal);
        var metrics = HubReading.Metrics(updated.Replace("- task: {type: x}", "- task: {type: x}\n      dataset: {type: y}\n      metrics: []", StringComparison.Ordinal), "README.md");
        Assert.Equal(["20.0 ± 1.2", "2205.9413", "1439.69", "1036.2033", "5.4794", "0.9169", "7", "3"], metrics.Select(metric => metric.Text));
        Assert.True(metrics[^1].Verified);
        Assert.Contains("    source:\n      name: desk\n", updated, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_second_update_changes_nothing(string newLine)
    {
        var readme = Theirs.ReplaceLineEndings(newLine);
        var once = HubCard.Update(readme, Cards.Card(), "README.md");
        Assert.Equal(once, HubCard.Update(once, Cards.Card(), "README.md"));
        Assert.Equal(newLine == "\r\n", !once.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("# Only words\n")]
    [InlineData("\ufeff# Only words")]
    [InlineData("")]
    [InlineData("---\nlicense: mit\n---\nwords")]
    [InlineData("---\n---\nwords")]
    [InlineData("---\nlicense: mit\nmodel-index:\n- name: other/model\n  results:\n  - task:\n      type: t\n    dataset:\n      type: d\n    metrics:\n    - type: m\n      value: |\n        1\n\n# a comment\ntags:\n- a\n---\nwords\n")]
    [InlineData("---\nmodel-index:\n  -\n    name: example/energy-load\n    results:\n      -\n        task: {type: t}\n        dataset: {type: d}\n        metrics: [{type: m, value: 1}]\n---\n")]
    public void What_was_there_is_there_still_and_ours_is_read_back(string readme)
    {
        var updated = HubCard.Update(readme, Cards.Card(), "README.md");
        foreach (var line in readme.Trim('\ufeff').Split('\n').Where(line => line.Trim('-').Length > 0))
            Assert.Contains(line, updated, StringComparison.Ordinal);
        Assert.Equal(5, HubReading.Metrics(updated, "README.md").Count(metric => metric.Dataset == "example/italian-load"));
        Assert.Equal(updated, HubCard.Update(updated, Cards.Card(), "README.md"));
    }

    [Fact]
    public void What_stands_between_the_markers_is_replaced_and_what_stands_around_them_is_not()
    {
        var readme = HubCard.Create(Cards.Card(null, CardDetails.None)).Replace("\n\n<!-- mlops card: begin", "\n\nbefore\n\n```\n<!-- mlops card: end -->\n```\n<!-- mlops card: begin", StringComparison.Ordinal) + "after\n";
        var updated = HubCard.Update(readme, Cards.Card(), "README.md");
        Assert.Contains("before\n\n```\n<!-- mlops card: end -->\n```\n<!-- mlops card: begin", updated, StringComparison.Ordinal);
        Assert.EndsWith("<!-- mlops card: end -->\nafter\n", updated, StringComparison.Ordinal);
        Assert.Contains("Trading, billing", updated, StringComparison.Ordinal);
        Assert.Equal(1, updated.Split("# Electricity load").Length - 1);
    }

    [Fact]
    public void What_the_file_says_otherwise_is_told_and_left()
    {
        Assert.Equal(["README.md says license: mit, the card apache-2.0; left as it is"], HubCard.Differences(Theirs, Cards.Card(), "README.md"));
        Assert.Contains("license:   mit   # as agreed\n", HubCard.Update(Theirs, Cards.Card(), "README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("---\nlicense: mit\n", "begins with --- and does not end")]
    [InlineData("---\n- a\n---\n", "must be a mapping")]
    [InlineData("---\na: b: c\n---\n", "README.md:2: not valid YAML")]
    [InlineData("---\na: &x [1]\nb: *x\n---\n", "README.md:3: not valid YAML: aliases")]
    [InlineData("---\nmodel-index: [{name: example/energy-load, results: []}]\n---\n", "README.md:2: `model-index` is not written as a block")]
    [InlineData("---\nmodel-index:\n---\n", "is not written as a block")]
    [InlineData("<!-- mlops card: end -->\n", "must stand once each")]
    [InlineData("<!-- mlops card: begin -->\n<!-- mlops card: begin -->\n<!-- mlops card: end -->\n", "must stand once each")]
    public void A_readme_that_cannot_be_updated_is_told_with_its_line(string readme, string message) =>
        Assert.Contains(message, Assert.Throws<ReportException>(() => HubCard.Update(readme, Cards.Card(), "README.md")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("# no front matter\n", "has no front matter")]
    [InlineData("---\nmodel-index:\n- name: x\n  results:\n  - dataset: {type: d}\n---\n", "README.md:5: a result needs `task`")]
    [InlineData("---\nmodel-index:\n- name: x\n  results:\n  - task: {type: t}\n    dataset: {type: d}\n    metrics:\n    - value: 1\n---\n", "README.md:8: a metric needs `type`")]
    [InlineData("---\nmodel-index: 3\n---\n", "`model-index` must be a list")]
    public void Front_matter_that_lacks_what_the_format_requires_is_told(string readme, string message) =>
        Assert.Contains(message, Assert.Throws<ReportException>(() => HubReading.Metrics(readme, "README.md")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bomb_of_values_is_refused() =>
        Assert.Contains("more than 20000 values", Assert.Throws<ReportException>(() => HubReading.Metrics("---\na: [" + string.Join(',', Enumerable.Repeat("1", 30_000)) + "]\n---\n", "README.md")).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_keep_their_kinds()
    {
        var front = HubReading.FrontMatter("---\na: 1\nb: \"1\"\nc: 1.5\nd: true\ne: null\nf: [x, ~]\ng: 1e400\n---\n", "README.md");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":1,"b":"1","c":1.5,"d":true,"e":null,"f":["x",null],"g":"1e400"}"""), front), front.ToJsonString());
    }

    [Fact]
    public void The_front_matter_keeps_to_the_formats_schema()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Of("front.json");
        File.WriteAllText(file, HubReading.FrontMatter(HubCard.Create(Cards.Card()), "README.md").ToJsonString());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "hub-front-matter.schema.json"), file));
    }

    [Fact]
    public void What_people_say_keeps_to_the_schema_of_its_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Of("card.json");
        File.WriteAllText(file, HubReading.FrontMatter($"---\n{System.Text.Encoding.UTF8.GetString(Samples.Bytes("card.yaml"))}---\n", "card.yaml").ToJsonString());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "card.schema.json"), file));
    }
}
