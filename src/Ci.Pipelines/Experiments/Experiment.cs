namespace Ci.Pipelines.Experiments;

/// <summary>One experiment that is in the repository.</summary>
/// <param name="Ref">Its name and where it began.</param>
/// <param name="FullName">The full name of its reference.</param>
/// <param name="Commit">Its full commit id.</param>
/// <param name="Date">When it was recorded.</param>
/// <param name="Record">What is remembered of it; null when DVC made it.</param>
public sealed record Experiment(ExperimentRef Ref, string FullName, string Commit, DateTimeOffset Date, ExperimentRecord? Record)
{
    public ExperimentStatus Status => this.Record?.Status ?? ExperimentStatus.Done;
}
