using System.Text.Json.Nodes;

namespace Ci.Cli.Verbs;

/// <summary>A table of experiments in the shape of <c>dvc exp show --json</c>: the workspace and each commit, the experiments below it.</summary>
internal static class ExpTableJson
{
    public static JsonArray Of(ExpTable table, ExpSignificance significance)
    {
        var all = new JsonArray();
        JsonArray? below = null;
        foreach (var row in table.Rows)
        {
            if (row.Kind is "workspace" or "baseline")
            {
                below = [];
                var state = State(row, row.Kind == "workspace" ? null : row.Name);
                state["experiments"] = below;
                all.Add((JsonNode)state);
                continue;
            }

            below!.Add((JsonNode)Experiment(row, significance));
        }

        return all;
    }

    private static JsonObject Experiment(ExpRow row, ExpSignificance significance)
    {
        var state = State(row, row.Name);
        if (row.Commit is not null && significance.Findings.TryGetValue(row.Commit, out var finding))
            state["significance"] = finding.ToJson();
        var executor = row.State.Length == 0 ? null : new JsonObject { ["state"] = row.State.ToLowerInvariant(), ["name"] = null };
        return new JsonObject { ["revs"] = new JsonArray(state), ["executor"] = executor, ["name"] = row.Name };
    }

    private static JsonObject State(ExpRow row, string? name) => new()
    {
        ["rev"] = row.Commit ?? "workspace",
        ["name"] = name,
        ["data"] = row.Kind == "queued" ? null : new JsonObject
        {
            ["rev"] = row.Commit ?? "workspace",
            ["timestamp"] = row.Created?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
            ["params"] = Files(row.Parameters),
            ["metrics"] = Files(row.Metrics),
            ["record"] = row.Experiment?.Record?.ToJson(),
        },
        ["error"] = row.Experiment?.Record is { Status: Pipelines.Experiments.ExperimentStatus.Failed } record ? new JsonObject { ["msg"] = record.Reason, ["type"] = "" } : null,
    };

    private static JsonObject Files(IReadOnlyDictionary<string, object?> files) =>
        new(files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)new JsonObject { ["data"] = ValueTable.Json(f.Value) })));
}
