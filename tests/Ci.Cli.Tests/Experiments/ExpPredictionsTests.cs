using System.Text.Json.Nodes;

namespace Ci.Cli.Tests.Experiments;

public sealed class ExpPredictionsTests
{
    [Fact]
    public async Task Predictions_of_the_same_rows_tell_a_worse_model_and_the_best_one()
    {
        using var project = new ModelProject();
        // Three models of one test set: of everything, of all but a feature, of hardly fewer rows than everything.
        var rows = await File.ReadAllLinesAsync(project.Of("train.csv"));
        project.Write("fewer.csv", string.Join('\n', rows[..^5]) + "\n");
        project.Write("blind.csv", string.Join('\n', rows.Select((r, i) => i == 0 ? r : string.Join(',', r.Split(',').Select((c, k) => k == 1 ? "0" : c)))) + "\n");
        string[] names = ["all", "fewer", "blind"];
        foreach (var name in names)
            await project.OkAsync($"train --data {(name == "all" ? "train" : name)}.csv --out made/{name}/model.onnx");
        // Without a key the rows are independent: a hundred of them are enough to tell.
        project.Write("params.yaml", "evaluate: {target: load, task: regression, unit: MW}\nuse: all\n");
        foreach (var name in names)
        {
            await project.OkAsync($"evaluate --model made/{name}/model.onnx --data test.csv --out made/{name}/evaluation.json --predictions made/{name}/predictions.csv.gz --metrics made/{name}/metrics.json");
        }

        project.Write("dvc.yaml", "stages:\n  pick:\n    cmd: cp made/${use}/* .\n    deps: [made]\n    params: [use]\n    outs: [evaluation.json, predictions.csv.gz, model.onnx]\n    metrics:\n    - metrics.json: {cache: false}\n");
        await project.CommitAsync();
        await project.OkAsync("init");
        await project.OkAsync("exp run --search grid -S use=all,fewer,blind -C made");
        var key = ((JsonObject)JsonNode.Parse(await project.OkAsync("exp show --json"))![1]!["experiments"]![0]!["revs"]![0]!["data"]!["metrics"]!["metrics.json"]!["data"]!)
            .Select(p => p.Key).First(k => k.EndsWith("rmse", StringComparison.Ordinal));

        var table = await project.OkAsync($"exp show --sort-by {key}");
        var words = JsonNode.Parse(await project.OkAsync($"exp show --sort-by {key} --json"))![1]!["experiments"]!.AsArray().Select(e => e!["revs"]![0]!)
            .ToDictionary(r => (string)r["data"]!["params"]!["params.yaml"]!["data"]!["use"]!, r => (string?)r["significance"]?["word"], StringComparer.Ordinal);
        Assert.Equal("worse", words["blind"]);
        Assert.Equal(["best", "no clear difference", "worse"], words.Values.Order(StringComparer.Ordinal));
        Assert.Contains("per-example predictions, paired", table, StringComparison.Ordinal);
    }
}
