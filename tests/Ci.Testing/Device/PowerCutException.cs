namespace Ci.Testing.Device;

/// <summary>The power is gone. Not an <see cref="IOException"/>: nothing may handle it.</summary>
public sealed class PowerCutException() : Exception("the power is gone");
