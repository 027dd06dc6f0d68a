namespace Ci.Releases;

/// <summary>One thing that happened on a device: a swap, a refusal, a state change.</summary>
public sealed record TelemetryEvent
{
    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="TelemetryEventKind"/>; readers keep kinds that they do not know.</summary>
    public required string Kind { get; init; }

    /// <summary>The wire string of a <see cref="RefusalCode"/> for a refusal; else null or a word of the sender's.</summary>
    public string? Code { get; init; }

    /// <summary>The release that it is about.</summary>
    public Sha256Digest? Release { get; init; }

    /// <summary>The release's version, where the device knew it.</summary>
    public string? Version { get; init; }

    /// <summary>In words.</summary>
    public required string Message { get; init; }
}
