namespace Ci.EdgeAgent.Objects;

/// <summary>What one <c>edge-agent import</c> writes; a file under <c>data/quota/imports</c> until the agent has it in its own count.</summary>
/// <param name="Day">The day: days since 1970 (UTC), never before the one that the agent counts.</param>
/// <param name="Bytes">Written in it.</param>
internal sealed record ImportNote(long Day, long Bytes)
{
    public const string SchemaName = "mlops.agent-import/v1";

    public string Schema { get; init; } = SchemaName;
}
