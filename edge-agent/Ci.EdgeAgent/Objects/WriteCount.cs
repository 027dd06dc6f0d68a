namespace Ci.EdgeAgent.Objects;

/// <summary>How much was written in the day that is counted; <c>data/quota/written</c>.</summary>
/// <param name="Day">The counted day: days since 1970 (UTC). It never goes back.</param>
/// <param name="Bytes">Written in it, what is reserved for an update under way included.</param>
/// <param name="UptimeSeconds">How long the agent ran in it: where the clock stands still or went back, a day ends after 24 hours of running.</param>
/// <param name="TotalBytes">Written in the life of this data folder.</param>
internal sealed record WriteCount(long Day, long Bytes, double UptimeSeconds, long TotalBytes)
{
    public const string SchemaName = "mlops.agent-written/v1";

    public static readonly WriteCount None = new(0, 0, 0, 0);

    public string Schema { get; init; } = SchemaName;
}
