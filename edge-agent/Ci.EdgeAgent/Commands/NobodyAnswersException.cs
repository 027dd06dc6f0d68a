namespace Ci.EdgeAgent.Commands;

/// <summary>No agent listens where the configuration says.</summary>
internal sealed class NobodyAnswersException(string message, Exception? inner = null) : EdgeAgentException(message, inner);
