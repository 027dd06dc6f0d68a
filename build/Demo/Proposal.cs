using System.Text.Json.Nodes;

namespace Ci.Build.Demo;

/// <summary>A pull request after its job: what the gate said, and the documents that the job left.</summary>
internal sealed record Proposal(string Version, int Number, string HeadSha, string Outcome, string TrainedSha256, JsonNode Evaluation, string Comment, JobRun Job)
{
    /// <summary>A metric by name: on the hold-out, or (leaked) on the training rows.</summary>
    public double Metric(string name, bool onTrainingRows = false) =>
        this.Evaluation[onTrainingRows ? "trainingMetrics" : "metrics"]!.AsArray()
            .Where(metric => string.Equals((string?)metric!["name"], name, StringComparison.OrdinalIgnoreCase))
            .Select(metric => (double)metric!["value"]!).Single();
}
