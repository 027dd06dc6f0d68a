namespace Ci.Pipelines.Scheduling;

/// <summary>What a run of the pipeline would do with a stage.</summary>
public enum StageFate
{
    /// <summary>It is up to date.</summary>
    Skip,

    /// <summary>An earlier run with the same inputs is put back.</summary>
    Reuse,

    /// <summary>Its commands run.</summary>
    Run,

    /// <summary>It is frozen: its outputs are taken as they are.</summary>
    Verify,

    /// <summary>It cannot run: something is missing.</summary>
    Fail,
}
