using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// A whole search, settled: <c>exp-plan.json</c>, <c>mlops.experiment-plan/v1</c>. Every trial stands in it with its values, so runners that
/// share nothing but the file do different trials of the same search.
/// </summary>
public sealed record ExperimentPlan
{
    public const string Schema = "mlops.experiment-plan/v1";

    public const string FileName = "exp-plan.json";

    public const int MostTrials = 10_000;

    private const int MostBytes = 16 << 20;

    public required SearchKind Search { get; init; }

    public long Seed { get; init; }

    /// <summary>The ranges as written, for people.</summary>
    public IReadOnlyList<string> Ranges { get; init; } = [];

    /// <summary>The stages to bring up to date; none means all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    public MetricGoal? Goal { get; init; }

    public Halving? Halving { get; init; }

    public required IReadOnlyList<PlannedTrial> Trials { get; init; }

    /// <summary>What its results are kept under: the same plan of another commit is another search.</summary>
    public string IdAt(string commit) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{commit}\n{this.ToJson().ToJsonString()}")))[..16];

    public byte[] ToBytes() => ExperimentValues.Indented(this.ToJson(), 2);

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["schema"] = Schema,
            ["search"] = this.Search.ToString().ToLowerInvariant(),
            ["seed"] = this.Seed,
            ["ranges"] = Texts(this.Ranges),
            ["targets"] = Texts(this.Targets),
        };
        if (this.Goal is { } goal)
            json["metric"] = new JsonObject { ["name"] = goal.Metric.ToString(), ["maximize"] = goal.Maximize };
        if (this.Halving is { } halving)
            json["halving"] = new JsonObject { ["file"] = halving.File, ["key"] = halving.Key, ["budgets"] = new JsonArray([.. halving.Budgets.Select(b => (JsonNode?)b)]), ["eta"] = halving.Eta };
        json["trials"] = new JsonArray([.. this.Trials.Select(t => (JsonNode?)new JsonObject { ["name"] = t.Name, ["set"] = Texts(t.Set.Select(s => s.ToString())) })]);
        return json;
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="PipelineException">It is none, or too large.</exception>
    public static ExperimentPlan Parse(byte[] bytes, string shown)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length > MostBytes)
            throw new PipelineException($"{shown}: a plan has at most {MostBytes >> 20} MiB");
        try
        {
            return Read(JsonNode.Parse(bytes) as JsonObject ?? throw new PipelineException($"{shown}: a plan is one JSON object"), shown);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new PipelineException($"{shown}: is no plan of experiments: {error.Message}; `mlops exp matrix` writes one", error);
        }
    }

    private static ExperimentPlan Read(JsonObject json, string shown)
    {
        var schema = (string?)json["schema"] ?? "";
        if (schema != Schema && !schema.StartsWith(Schema + ".", StringComparison.Ordinal))
            throw new PipelineException($"{shown}: the schema is `{schema}`; this version reads {Schema}");
        var halving = json["halving"];
        var metric = json["metric"];
        var trials = (json["trials"] as JsonArray)?.Select(t => new PlannedTrial((string)t!["name"]!, [.. t["set"]!.AsArray().Select(s => Settled((string)s!, shown))])).ToList() ?? [];
        if (trials.Count is 0 or > MostTrials)
            throw new PipelineException($"{shown}: a plan has 1 to {MostTrials} trials, and this has {trials.Count}");
        return new ExperimentPlan
        {
            Search = Enum.Parse<SearchKind>((string)json["search"]!, ignoreCase: true),
            Seed = (long?)json["seed"] ?? 0,
            Ranges = Strings(json["ranges"]),
            Targets = Strings(json["targets"]),
            Goal = metric is null ? null : new MetricGoal(MetricName.Parse((string)metric["name"]!), (bool?)metric["maximize"] ?? false),
            Halving = halving is null ? null : new Halving((string)halving["file"]!, (string)halving["key"]!, [.. halving["budgets"]!.AsArray().Select(b => (long)b!)], (int)halving["eta"]!),
            Trials = trials,
        };
    }

    private static ParameterOverride Settled(string text, string shown) => OverrideReader.Read(text, file => file) is { IsSettled: true } read
        ? read.Settled
        : throw new PipelineException($"{shown}: `{text}` is a range; in a plan every trial has its values");

    private static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode?)i)]);

    private static IReadOnlyList<string> Strings(JsonNode? node) => node is JsonArray list ? [.. list.Select(i => (string)i!)] : [];
}
