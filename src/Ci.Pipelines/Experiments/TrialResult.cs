namespace Ci.Pipelines.Experiments;

/// <summary>How a run ended.</summary>
/// <param name="Experiment">What was recorded.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Left">Files that the run left and that nothing records: neither tracked nor ignored.</param>
public sealed record TrialResult(Experiment Experiment, Exception? Error, IReadOnlyList<string> Left)
{
    public ExperimentRecord Record => this.Experiment.Record!;
}
