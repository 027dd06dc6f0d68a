using Ci.EdgeAgent.Configuration;
using Ci.Releases;

namespace Ci.EdgeAgent.Hosting;

internal static class TrustedKeyFiles
{
    private const int MaxBytes = 64 * 1024;

    public static IReadOnlyList<TrustedKey> Read(IReadOnlyList<string> paths)
    {
        var (keys, errors) = (new List<TrustedKey>(), new List<string>());
        foreach (var path in paths)
        {
            try
            {
                if (new FileInfo(path).Length > MaxBytes)
                    throw new InvalidDataException($"it has more than {MaxBytes} bytes");
                keys.AddRange(TrustedKey.ReadPem(File.ReadAllText(path)));
            }
            catch (Exception error) when (error is ReleaseRefusedException or IOException or UnauthorizedAccessException or InvalidDataException)
            {
                errors.Add($"`trustedKeys`: {path}: {error.Message}");
            }
        }

        return errors.Count == 0 ? keys : throw new AgentConfigurationException("trusted keys", errors);
    }
}
