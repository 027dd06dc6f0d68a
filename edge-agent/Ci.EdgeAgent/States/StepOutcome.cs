namespace Ci.EdgeAgent.States;

/// <summary>How a state's work ended; with the state it decides what comes next.</summary>
internal enum StepOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It is time to look at the channel again.</summary>
    Poll,

    /// <summary>The channel asks for what is already serving, or for nothing.</summary>
    NothingNew,

    /// <summary>A network or disk failed: try again later, with growing pauses.</summary>
    Unavailable,

    /// <summary>The candidate or its channel entry broke a rule.</summary>
    Refused,

    /// <summary>The serving generation misbehaved after the swap.</summary>
    Breached,

    /// <summary>An operator paused updates.</summary>
    PauseAsked,

    /// <summary>An operator ended the pause, or accepted leaving safe mode.</summary>
    ResumeAsked,

    /// <summary>The channel's roll-out has not come to this device yet.</summary>
    Held,

    /// <summary>The channel asks for something else by now, so the evidence gathered is of no use.</summary>
    Superseded,

    /// <summary>An operator or the channel wants this model to stop serving.</summary>
    KillAsked,

    /// <summary>An operator wants the release before.</summary>
    RollBackAsked,

    /// <summary>What may serve again had not been through Soak.</summary>
    Unproven,
}
