using System.Text.Json.Nodes;

namespace Ci.Pipelines.Experiments;

/// <summary>One experiment that waits to be run. Everything is settled: nothing that happens to the work tree meanwhile changes it.</summary>
public sealed record QueuedExperiment
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Base { get; init; }

    /// <summary>The state that it begins with, parameters set.</summary>
    public required string Commit { get; init; }

    /// <summary>As <c>-S</c> takes it.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>From the project's root: where targets were written.</summary>
    public string Folder { get; init; } = ".";

    public IReadOnlyList<string> Copy { get; init; } = [];

    public string? Message { get; init; }

    public bool Force { get; init; }

    public bool SingleItem { get; init; }

    public JsonObject ToJson() => new()
    {
        ["id"] = this.Id,
        ["name"] = this.Name,
        ["base"] = this.Base,
        ["commit"] = this.Commit,
        ["set"] = Texts(this.Set),
        ["targets"] = Texts(this.Targets),
        ["folder"] = this.Folder,
        ["copy"] = Texts(this.Copy),
        ["message"] = this.Message,
        ["force"] = this.Force,
        ["single"] = this.SingleItem,
    };

    internal static QueuedExperiment Parse(string text, string shown)
    {
        var json = JsonNode.Parse(text) as JsonObject ?? throw new PipelineException($"{shown}: an entry of the queue is one JSON object");
        return new QueuedExperiment
        {
            Id = (string)json["id"]!,
            Name = (string)json["name"]!,
            Base = (string)json["base"]!,
            Commit = (string)json["commit"]!,
            Set = Strings(json["set"]),
            Targets = Strings(json["targets"]),
            Folder = (string?)json["folder"] ?? ".",
            Copy = Strings(json["copy"]),
            Message = (string?)json["message"],
            Force = (bool?)json["force"] ?? false,
            SingleItem = (bool?)json["single"] ?? false,
        };
    }

    private static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode?)i)]);

    private static IReadOnlyList<string> Strings(JsonNode? node) => node is JsonArray list ? [.. list.Select(i => (string)i!)] : [];
}
