namespace Ci.Pipelines.Experiments;

/// <summary>How an experiment ended.</summary>
public enum ExperimentStatus
{
    /// <summary>It ran to its end.</summary>
    Done,

    /// <summary>A stage failed; there may be no metrics.</summary>
    Failed,

    /// <summary>Ended early by the search's rule: its metrics are those of a smaller budget.</summary>
    Stopped,
}
