namespace Ci.EdgeAgent.States;

/// <summary>One row of the table. <paramref name="Journaled"/>: the new state is on disk before its work begins.</summary>
internal sealed record Transition(AgentState From, StepOutcome On, AgentState To, bool Journaled, string Why);
