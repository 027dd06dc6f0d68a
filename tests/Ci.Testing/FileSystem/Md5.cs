namespace Ci.Testing.FileSystem;

/// <summary>What DVC names content by.</summary>
public static class Md5
{
#pragma warning disable CA5351 // DVC's formats
    public static string Of(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes));
#pragma warning restore CA5351
}
