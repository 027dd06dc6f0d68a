using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Status;

/// <summary>The status as it may be seen: errors quote addresses, and addresses may hold secrets.</summary>
internal static class StatusCleaning
{
    public static ModelStatus Clean(ModelStatus status, SecretMask mask) => status with
    {
        WhyNot = status.WhyNot is { } why ? mask.Clean(why) : null,
        WaitsFor = status.WaitsFor is { } waits ? mask.Clean(waits) : null,
        SourceError = status.SourceError is { } error ? mask.Clean(error) : null,
        Refusals = [.. status.Refusals.Select(r => r with { Reason = mask.Clean(r.Reason) })],
        Events = [.. status.Events.Select(e => Clean(e, mask))],
    };

    public static AgentEvent Clean(AgentEvent happened, SecretMask mask) => happened with { Message = mask.Clean(happened.Message) };
}
