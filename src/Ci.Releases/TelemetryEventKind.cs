namespace Ci.Releases;

/// <summary>The kinds of telemetry events that the product itself writes.</summary>
public static class TelemetryEventKind
{
    /// <summary>The device started serving the release.</summary>
    public const string Swap = "swap";

    /// <summary>The device refused the release; <see cref="TelemetryEvent.Code"/> says why.</summary>
    public const string Refusal = "refusal";

    /// <summary>The device went back to an earlier release by itself.</summary>
    public const string Rollback = "rollback";

    /// <summary>The device's state changed.</summary>
    public const string State = "state";
}
