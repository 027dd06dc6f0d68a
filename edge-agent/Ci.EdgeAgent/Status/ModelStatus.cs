using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Status;

/// <summary>One model's whole story: desired, installed, serving and in sync are four different things.</summary>
internal sealed record ModelStatus
{
    public required string Name { get; init; }

    public AgentState State { get; init; }

    public string StateInWords { get; init; } = "";

    /// <summary>What the channel asks for; null before the first answer of the source.</summary>
    public ReleaseStatus? Desired { get; init; }

    /// <summary>The newest release whose files are on disk and verified.</summary>
    public ReleaseStatus? Installed { get; init; }

    public ServingStatus? Serving { get; init; }

    /// <summary>The desired release serves and has been through Soak.</summary>
    public bool InSync { get; init; }

    /// <summary>Why it is not in sync; null where it is.</summary>
    public string? WhyNot { get; init; }

    public string? LastKnownGood { get; init; }

    public long SequenceFloor { get; init; }

    public DateTimeOffset? SourceSeen { get; init; }

    public string? SourceError { get; init; }

    /// <summary>What the device waits for, such as its turn in a roll-out; null while nothing.</summary>
    public string? WaitsFor { get; init; }

    public IReadOnlyList<QuarantineEntry> Refusals { get; init; } = [];

    /// <summary>Newest last; at most ten.</summary>
    public IReadOnlyList<AgentEvent> Events { get; init; } = [];
}
