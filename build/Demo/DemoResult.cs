using System.Text.Json.Nodes;

namespace Ci.Build.Demo;

/// <summary>What summary.json says beside the steps; filled in as the play goes on.</summary>
internal sealed class DemoResult
{
    public JsonObject Digests { get; } = [];

    public JsonObject Metrics { get; } = [];

    public JsonObject Swap { get; } = [];

    public JsonArray Refusals { get; } = [];

    public JsonObject Telemetry { get; } = [];

    /// <summary>artifacts/demo/summary.json.</summary>
    public JsonObject Summary(DemoClock clock) => new()
    {
        ["schema"] = "mlops.demo-summary/v1",
        ["ok"] = clock.Ok,
        ["seconds"] = Math.Round(clock.Seconds, 1),
        ["steps"] = new JsonArray([.. clock.Steps.Select(step => new JsonObject
        {
            ["name"] = step.Name, ["ok"] = step.Ok, ["seconds"] = Math.Round(step.Seconds, 2),
        })]),
        ["digests"] = this.Digests.DeepClone(),
        ["metrics"] = this.Metrics.DeepClone(),
        ["swap"] = this.Swap.DeepClone(),
        ["refusals"] = this.Refusals.DeepClone(),
        ["telemetry"] = this.Telemetry.DeepClone(),
    };
}
