namespace Ci.EdgeAgent.Journal;

/// <summary>The journal is damaged before its last record: what it says can no longer be trusted, and the agent goes into safe mode.</summary>
internal sealed class JournalDamagedException(string message) : EdgeAgentException(message);
