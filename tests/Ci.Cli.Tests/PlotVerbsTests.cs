using System.Text.Json.Nodes;

namespace Ci.Cli.Tests;

public sealed class PlotVerbsTests
{
    // Of topplots/plots-diff.json, made by DVC 3.67.1: what a picture is drawn from. How it is drawn (layers, smoothing) is our own.
    private const string MultiValues = """
        [{"step": "0", "acc": "0.2", "loss": "1.5", "dvc_inferred_y_value": "0.2", "rev": "workspace", "field": "acc"}, {"step": "1", "acc": "0.6", "loss": "0.9", "dvc_inferred_y_value": "0.6", "rev": "workspace", "field": "acc"},
         {"step": "0", "acc": "0.2", "loss": "1.5", "dvc_inferred_y_value": "1.5", "rev": "workspace", "field": "loss"}, {"step": "1", "acc": "0.6", "loss": "0.9", "dvc_inferred_y_value": "0.9", "rev": "workspace", "field": "loss"},
         {"step": "0", "acc": "0.1", "loss": "2", "dvc_inferred_y_value": "0.1", "rev": "HEAD", "field": "acc"}, {"step": "1", "acc": "0.5", "loss": "1", "dvc_inferred_y_value": "0.5", "rev": "HEAD", "field": "acc"},
         {"step": "0", "acc": "0.1", "loss": "2", "dvc_inferred_y_value": "2", "rev": "HEAD", "field": "loss"}, {"step": "1", "acc": "0.5", "loss": "1", "dvc_inferred_y_value": "1", "rev": "HEAD", "field": "loss"}]
        """;

    [Fact]
    public async Task Points_revisions_titles_and_scales_are_those_of_DVC()
    {
        using var world = await ComparedAsync();
        var data = (JsonObject)(await world.JsonAsync("plots", "diff"))["data"]!;
        Assert.Equal(["logs.csv", "multi", "conf.csv"], data.Select(p => p.Key));
        var multi = data["multi"]![0]!;
        Same("\"vega\"", multi["type"]);
        Same("""["workspace", "HEAD"]""", multi["revisions"]);
        Same(MultiValues, multi["content"]!["data"]!["values"]);
        Same("\"https://vega.github.io/schema/vega-lite/v5.json\"", multi["content"]!["$schema"]);
        Same("""{"text": "multi", "anchor": "middle"}""", multi["content"]!["title"]);
        Same("""{"field": "step", "type": "quantitative", "title": "step"}""", multi["content"]!["encoding"]!["x"]);
        Same("""{"field": "rev", "scale": {"domain": ["workspace", "HEAD"], "range": ["#945dd6", "#13adc7"]}}""", multi["content"]!["encoding"]!["color"]);
        Same("""{"field": "field", "scale": {"domain": ["acc", "loss"], "range": [[1, 0], [8, 8]]}, "legend": {"symbolFillColor": "transparent", "symbolStrokeColor": "grey"}}""", multi["content"]!["encoding"]!["strokeDash"]);
        Same("""{"text": "Acc", "anchor": "middle"}""", data["logs.csv"]![0]!["content"]!["title"]);
        Same("""{"field": "predicted", "type": "quantitative", "title": "predicted", "scale": {"zero": false}}""", data["conf.csv"]![0]!["content"]!["encoding"]!["y"]);
        Same("""[{"actual": "a", "predicted": "a", "step": 0, "rev": "workspace"}, {"actual": "a", "predicted": "b", "step": 1, "rev": "workspace"}]""", (await world.JsonAsync("plots", "show"))["data"]!["conf.csv"]![0]!["content"]!["data"]!["values"]);
    }

    [Fact]
    public async Task One_specification_alone_is_written_for_other_programs()
    {
        using var world = await ComparedAsync();
        var spec = JsonNode.Parse(await world.OkAsync("plots", "show", "--show-vega", "logs.csv", "-y", "loss", "--title", "T", "--x-label", "epoch"))!;
        Same("""{"text": "T", "anchor": "middle"}""", spec["title"]);
        Same("""{"field": "step", "type": "quantitative", "title": "epoch"}""", spec["encoding"]!["x"]);
        Same("\"loss\"", spec["encoding"]!["y"]!["field"]);
        await world.FailsAsync(255, "plots", "show", "--show-vega");
        Assert.Contains("no column `nosuch`", (await world.RunAsync("plots", "show", "--show-vega", "logs.csv", "-y", "nosuch")).Error, StringComparison.Ordinal);
        Assert.Contains("did you mean `linear`", await world.FailsAsync(255, "plots", "show", "--show-vega", "logs.csv", "-t", "lineer"), StringComparison.Ordinal);

        world.Write("r/.dvc/plots/own.json", """{"data": {"values": "<DVC_METRIC_DATA>"}, "title": "<DVC_METRIC_TITLE>", "mark": "area", "encoding": {"y": {"field": "<DVC_METRIC_Y>"}}}""");
        var own = JsonNode.Parse(await world.OkAsync("plots", "show", "--show-vega", "logs.csv", "-t", "own"))!;
        Same("\"Acc\"", own["title"]);
        Same("\"acc\"", own["encoding"]!["y"]!["field"]);
        Assert.Equal(2, own["data"]!["values"]!.AsArray().Count);
        Assert.StartsWith("simple\nlinear\nconfusion\n", await world.OkAsync("plots", "templates"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_holds_all_it_needs_and_nothing_that_a_file_put_into_it_runs()
    {
        using var world = await ComparedAsync();
        world.Write("r/dvc.yaml", world.Read("r/dvc.yaml").Replace("title: Acc", "title: <script>alert(1)</script>", StringComparison.Ordinal)
            .Replace("- conf.csv\n", "- conf.csv:\n    x: actual\n    y: predicted\n    template: confusion\n- pics\n- gone.csv\n", StringComparison.Ordinal));
        world.Write("r/pics/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        var (code, output, error) = await world.RunAsync("plots", "diff", "-o", "html");
        Assert.Equal((0, $"file://{world.Of("r/html/index.html")}\n"), (code, output));
        Assert.Contains("gone.csv (workspace): `gone.csv` does not exist", error, StringComparison.Ordinal);
        var page = world.Read("r/html/index.html");
        Assert.Contains("Plots of workspace, HEAD", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/svg+xml;base64,", page, StringComparison.Ordinal);
        Assert.Equal(6, page.Split("<svg xmlns").Length - 1); // three plots, each for wide and for narrow readers
        Assert.Contains("a taken for b: 1 (50 %)", page, StringComparison.Ordinal);
        var json = await world.JsonAsync("plots", "show", "--out", "o");
        Same("""[{"type": "image", "revisions": ["workspace"], "url": "o/workspace_pics_a.svg"}]""", json["data"]!["pics/a.svg"]);
        Same("""[{"name": "gone.csv", "rev": "workspace", "msg": "`gone.csv` does not exist"}]""", json["errors"]);
        Assert.True(File.Exists(world.Of("r/o/workspace_pics_a.svg")));
    }

    [Fact]
    public async Task Points_are_found_in_lists_of_any_depth_and_joined_across_files()
    {
        using var world = await VerbWorld.StartAsync();
        world.Write("r/dvc.yaml", "plots:\n- both:\n    y:\n      runs/a.json: loss\n      runs/b.tsv: err\n- deep.yaml\n");
        world.Write("r/runs/a.json", """{"meta": 1, "log": {"points": [{"loss": 3, "k": 1}, {"loss": 2, "k": 2}], "mixed": [1, 2]}}""");
        world.Write("r/runs/b.tsv", "i\terr\n0\t\"0.5\"\n\n1\t0.25\n");
        world.Write("r/deep.yaml", "a: [{x: 1}, {x: 2}]\nb: [{y: 5}, {y: 6}]\n");
        await world.CommitAsync("one");
        var data = (await world.JsonAsync("plots", "show"))["data"]!;
        Same("""
            [{"loss": 3, "k": 1, "dvc_inferred_y_value": 3, "step": 0, "rev": "workspace", "filename::field": "a.json::loss"}, {"loss": 2, "k": 2, "dvc_inferred_y_value": 2, "step": 1, "rev": "workspace", "filename::field": "a.json::loss"},
             {"i": "0", "err": "0.5", "dvc_inferred_y_value": "0.5", "step": 0, "rev": "workspace", "filename::field": "b.tsv::err"}, {"i": "1", "err": "0.25", "dvc_inferred_y_value": "0.25", "step": 1, "rev": "workspace", "filename::field": "b.tsv::err"}]
            """, data["both"]![0]!["content"]!["data"]!["values"]);
        Same("""[{"x": 1, "y": 5, "step": 0, "rev": "workspace"}, {"x": 2, "y": 6, "step": 1, "rev": "workspace"}]""", data["deep.yaml"]![0]!["content"]!["data"]!["values"]);
        Same("\"x\"", data["deep.yaml"]![0]!["content"]!["encoding"]!["y"]!["field"]);
    }

    private static async Task<VerbWorld> ComparedAsync()
    {
        var world = await VerbWorld.StartAsync("topplots/tree");
        var now = world.Read("r/logs.csv");
        world.Write("r/logs.csv", "step,acc,loss\n0,0.1,2\n1,0.5,1\n");
        await world.CommitAsync("one");
        world.Write("r/logs.csv", now);
        return world;
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut got {actual?.ToJsonString()}");
}
