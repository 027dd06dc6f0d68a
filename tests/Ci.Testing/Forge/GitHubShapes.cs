using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>What GitHub's schemas require of each answer, with the plainest values (made by OpenApi/description.mjs), below what the simulator knows.</summary>
internal static class GitHubShapes
{
    private static readonly JsonObject All = Load();

    /// <summary>The facts, with everything else that an answer of this schema must have.</summary>
    public static JsonObject Of(string schema, JsonObject facts) => Merge(All[schema]!.DeepClone().AsObject(), facts);

    private static JsonObject Merge(JsonObject below, JsonObject above)
    {
        foreach (var (name, value) in above)
            below[name] = value is JsonObject inner && below[name] is JsonObject outer ? Merge(outer.DeepClone().AsObject(), inner) : value?.DeepClone();
        return below;
    }

    private static JsonObject Load()
    {
        using var stream = typeof(GitHubShapes).Assembly.GetManifestResourceStream("github-shapes.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
