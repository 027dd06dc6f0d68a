namespace Ci.EdgeAgent.Sources;

/// <summary>The file <c>data/source.json</c>.</summary>
internal sealed record SourceRecord
{
    public const string SchemaName = "mlops.agent-source/v1";

    public string Schema { get; init; } = SchemaName;

    public DateTimeOffset MirrorIssuedAt { get; init; }

    public DateTimeOffset SignedTime { get; init; }
}
