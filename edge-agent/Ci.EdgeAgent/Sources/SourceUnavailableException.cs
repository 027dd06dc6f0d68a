namespace Ci.EdgeAgent.Sources;

/// <summary>The deploy repository did not answer. Transient: the current generation serves.</summary>
internal class SourceUnavailableException(string message, Exception? inner = null) : EdgeAgentException(message, inner);
