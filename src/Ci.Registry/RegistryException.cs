namespace Ci.Registry;

/// <summary>The registry cannot do this; the message says why and what would work. Terminal.</summary>
public sealed class RegistryException(string message) : Exception(message);
