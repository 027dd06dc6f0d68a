namespace Ci.EdgeAgent.Journal;

/// <summary>The journal is damaged before its last record: what it says can no longer be trusted, and the agent goes into safe mode.</summary>
internal sealed class JournalDamagedException(string message, byte[]? lastWhole = null) : EdgeAgentException(message)
{
    /// <summary>The payload of the last record before the damage; null where the first is damaged. Old, but once true.</summary>
    public byte[]? LastWhole { get; } = lastWhole;
}
