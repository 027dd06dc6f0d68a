using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// What is remembered of one experiment: <c>mlops.experiment/v1</c>, on one line of its commit's message. The commit holds the files; this
/// holds what they do not say, and what a table needs without reading them.
/// </summary>
public sealed record ExperimentRecord
{
    public const string Schema = "mlops.experiment/v1";

    /// <summary>The line of the commit's message that holds the record begins with it.</summary>
    public const string Trailer = "Mlops-Experiment";

    /// <summary>Characters that a record may have.</summary>
    public const int MostCharacters = 1 << 20;

    public required string Name { get; init; }

    /// <summary>The full id of the commit that it began from.</summary>
    public required string Base { get; init; }

    public required ExperimentStatus Status { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The Git tree that it ran: code, pipeline and parameters before the first stage.</summary>
    public required string Code { get; init; }

    /// <summary>The digests of what stages and pointers name, by path from the project's root, as <c>dvc.lock</c> has them.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    /// <summary>What was set, as <c>-S</c> takes it.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>By file from the project's root.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>By file from the project's root.</summary>
    public IReadOnlyDictionary<string, object?> Metrics { get; init; } = new Dictionary<string, object?>();

    /// <summary>The value of the parameter that is called <c>seed</c> or <c>random_state</c>; null when there is none.</summary>
    public long? Seed { get; init; }

    /// <summary>The plan that it is a trial of, and which.</summary>
    public (string Id, int Trial)? Plan { get; init; }

    /// <summary>Of a search that stops early: what each budget gave.</summary>
    public IReadOnlyList<RungResult> Rungs { get; init; } = [];

    /// <summary>Why it was stopped, or what failed.</summary>
    public string? Reason { get; init; }

    public string ToLine() => this.ToJson().ToJsonString();

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["schema"] = Schema,
            ["name"] = this.Name,
            ["base"] = this.Base,
            ["status"] = this.Status.ToString().ToLowerInvariant(),
            ["started"] = this.Started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["seconds"] = Math.Round(this.Seconds, 3),
            ["code"] = this.Code,
            ["data"] = new JsonObject(this.Data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))),
            ["set"] = new JsonArray([.. this.Set.Select(s => (JsonNode?)s)]),
            ["parameters"] = ExperimentValues.ToJson(this.Parameters),
            ["metrics"] = ExperimentValues.ToJson(this.Metrics),
        };
        if (this.Seed is { } seed)
            json["seed"] = seed;
        if (this.Plan is var (id, trial))
            json["plan"] = new JsonObject { ["id"] = id, ["trial"] = trial };
        if (this.Rungs.Count > 0)
            json["rungs"] = new JsonArray([.. this.Rungs.Select(r => (JsonNode?)new JsonObject { ["budget"] = r.Budget, ["value"] = ExperimentValues.ToJson(r.Value) })]);
        if (this.Reason is not null)
            json["reason"] = this.Reason;
        return json;
    }

    /// <summary>The record in a commit's message; null when there is none (the commit was made by DVC).</summary>
    /// <exception cref="PipelineException">There is one, and it cannot be read.</exception>
    public static ExperimentRecord? InMessage(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var line = message.Split('\n').LastOrDefault(l => l.StartsWith(Trailer + ": ", StringComparison.Ordinal));
        return line is null ? null : Parse(line[(Trailer.Length + 2)..]);
    }

    public static ExperimentRecord Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MostCharacters)
            throw new PipelineException($"an experiment's record has more than {MostCharacters} characters");
        try
        {
            return Read(JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 100 }) as JsonObject ?? throw new PipelineException("an experiment's record must be one JSON object"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new PipelineException($"an experiment's record cannot be read: {error.Message}", error);
        }
    }

    private static ExperimentRecord Read(JsonObject json)
    {
        var schema = (string?)json["schema"] ?? "";
        if (schema != Schema && !schema.StartsWith(Schema + ".", StringComparison.Ordinal))
            throw new PipelineException($"an experiment's record is `{schema}`; this version reads {Schema}");
        var plan = json["plan"];
        return new ExperimentRecord
        {
            Name = Text(json, "name"),
            Base = Text(json, "base"),
            Status = Enum.TryParse<ExperimentStatus>(Text(json, "status"), ignoreCase: true, out var status) ? status : throw new PipelineException($"an experiment's record has the unknown status `{Text(json, "status")}`"),
            Started = DateTimeOffset.Parse(Text(json, "started"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Seconds = (double?)json["seconds"] ?? 0,
            Code = Text(json, "code"),
            Data = json["data"] is JsonObject data ? data.ToDictionary(d => d.Key, d => (string)d.Value!, StringComparer.Ordinal) : new Dictionary<string, string>(),
            Set = json["set"] is JsonArray set ? [.. set.Select(s => (string)s!)] : [],
            Parameters = ExperimentValues.OfJson(json["parameters"], "parameters"),
            Metrics = ExperimentValues.OfJson(json["metrics"], "metrics"),
            Seed = (long?)json["seed"],
            Plan = plan is null ? null : ((string)plan["id"]!, (int)plan["trial"]!),
            Rungs = json["rungs"] is JsonArray rungs ? [.. rungs.Select(r => new RungResult((long)r!["budget"]!, r["value"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? (double)value : null))] : [],
            Reason = (string?)json["reason"],
        };
    }

    private static string Text(JsonObject json, string key) => (string?)json[key] ?? throw new PipelineException($"an experiment's record lacks `{key}`");
}
