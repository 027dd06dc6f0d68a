namespace Ci.EdgeAgent;

/// <summary>The agent's own exception family; the message says what, where, and how to fix it.</summary>
public class EdgeAgentException(string message, Exception? inner = null) : Exception(message, inner);
