namespace Ci.Monitoring;

/// <summary>Whether the model should be trained again, and why or why not.</summary>
public sealed record RetrainingDecision(string Model, bool Retrain, IReadOnlyList<string> Reasons);
