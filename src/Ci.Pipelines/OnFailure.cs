namespace Ci.Pipelines;

/// <summary>What happens after a stage failed. Those that run already always come to their end and are recorded.</summary>
public enum OnFailure
{
    /// <summary>Nothing new begins.</summary>
    Stop,

    /// <summary>What does not depend on it goes on.</summary>
    KeepGoing,

    /// <summary>Everything goes on, and in the end nothing is said to have failed.</summary>
    Ignore,
}
