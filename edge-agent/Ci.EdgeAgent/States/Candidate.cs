namespace Ci.EdgeAgent.States;

/// <summary>What the channel asked for when an update began.</summary>
internal sealed record Candidate(string Release, string Channel, long Sequence);
