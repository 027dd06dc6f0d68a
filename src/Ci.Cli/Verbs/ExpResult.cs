using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>One trial's result on a remote.</summary>
/// <param name="Trial">Its place in the plan.</param>
/// <param name="Commit">The experiment's full commit id.</param>
/// <param name="IsFinal">Nothing more comes of the trial; false while its runner goes on, or where it was killed.</param>
/// <param name="Record">The experiment's record.</param>
internal sealed record ExpResult(int Trial, string Commit, bool IsFinal, ExperimentRecord Record);
