using System.Security.Cryptography;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Objects;

internal static class ObjectHash
{
    /// <summary>Reads the whole file: true where its SHA-256 is the given one.</summary>
    public static bool IsOf(IDeviceFiles files, string path, string sha256)
    {
        using var stream = files.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == sha256;
    }
}
