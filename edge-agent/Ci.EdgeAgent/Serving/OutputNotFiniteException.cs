namespace Ci.EdgeAgent.Serving;

/// <summary>The model answered NaN or infinity, which the protocol's JSON cannot carry.</summary>
internal sealed class OutputNotFiniteException(string message) : EdgeAgentException(message);
