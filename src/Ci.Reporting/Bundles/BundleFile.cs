namespace Ci.Reporting;

/// <summary>One file of a bundle.</summary>
/// <param name="Name">One of the fixed names.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its digest, 64 lower-case hexadecimal digits.</param>
public sealed record BundleFile(string Name, long Bytes, string Sha256);
