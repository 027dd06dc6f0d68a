namespace Ci.Testing;

/// <summary>An adapter broke a promise of its port.</summary>
public sealed class ConformanceException(string message) : Exception(message);
