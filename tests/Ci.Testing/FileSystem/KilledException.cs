namespace Ci.Testing.FileSystem;

/// <summary>The process would be dead now. No product code may catch this.</summary>
public sealed class KilledException() : Exception("killed by the faulty disk");
