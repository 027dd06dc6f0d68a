namespace Ci.Forges;

/// <summary>Transient: the forge was not reached, answered with 5xx or a rate limit until the deadline passed. Trying later may succeed.</summary>
public sealed class ForgeUnavailableException(string message, Exception? inner = null) : ForgeException(message, inner);
