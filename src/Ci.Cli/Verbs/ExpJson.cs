using System.Text.Json.Nodes;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>An experiment as one JSON object: its record, with where it is kept.</summary>
internal static class ExpJson
{
    public static JsonNode Of(Experiment experiment)
    {
        var json = experiment.Record?.ToJson() ?? new JsonObject { ["base"] = experiment.Ref.Base };
        json["name"] = experiment.Ref.Name;
        json["commit"] = experiment.Commit;
        json["ref"] = experiment.FullName;
        return json;
    }
}
