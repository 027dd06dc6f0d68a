namespace Ci.Promotion;

/// <summary>What reconcile did, and what it cannot explain.</summary>
/// <param name="Applied">Promotions finished, and tags or audit entries restored.</param>
/// <param name="Waiting">Merged promotions that a rule keeps from being applied.</param>
/// <param name="Unexplained">Edits that no promotion explains: a person must look.</param>
public sealed record ReconcileReport(IReadOnlyList<ApplyOutcome> Applied, IReadOnlyList<string> Waiting, IReadOnlyList<string> Unexplained);
