namespace Ci.EdgeAgent.Serving;

/// <summary>The caller's mistake: answered with 400 and this message in the protocol's error shape.</summary>
internal sealed class InvalidRequestException(string message, Exception? inner = null) : EdgeAgentException(message, inner);
