using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>A check run, or (where <see cref="Kind"/> says so) a commit status.</summary>
public sealed class SimulatedCheck
{
    public required long Id { get; init; }

    /// <summary>"check-run" or "status".</summary>
    public required string Kind { get; init; }

    public required string Author { get; init; }

    public required string Name { get; set; }

    public required string HeadSha { get; init; }

    /// <summary>"queued", "in_progress" or "completed".</summary>
    public required string Status { get; set; }

    /// <summary>Of a check run its conclusion, of a status its state.</summary>
    public string? Conclusion { get; set; }

    public string? DetailsUrl { get; set; }

    public string? ExternalId { get; set; }

    public string Description { get; set; } = "";

    public JsonObject Output { get; set; } = new() { ["title"] = null, ["summary"] = null, ["text"] = null, ["annotations_count"] = 0, ["annotations_url"] = "https://forge.test/" };

    /// <summary>All annotations, in the order in which they came.</summary>
    public List<JsonObject> Annotations { get; } = [];

    public required DateTimeOffset At { get; set; }

    /// <summary>Whether branch protection takes it as passed: GitHub lets neutral and skipped check runs pass too.</summary>
    public bool Passes => this.Status == "completed" && this.Conclusion is "success" or "neutral" or "skipped";
}
