using Ci.Releases;

namespace Ci.Cli;

/// <summary>The keys that may sign, as the project's settings name them.</summary>
internal static class TrustedKeys
{
    /// <summary>Every key of the setting.</summary>
    /// <exception cref="CliException">A text holds no public key: a mistake in the settings, not a refusal.</exception>
    public static IReadOnlyList<TrustedKey> Of(CliContext context)
    {
        try
        {
            return [.. ProjectSettings.Load(context).TrustedKeys().SelectMany(TrustedKey.ReadPem)];
        }
        catch (ReleaseRefusedException error)
        {
            throw new CliException($"MLOPS_TRUSTED_KEYS: {error.Message}; `mlops release keygen` writes the public key beside the private one, as OUT.pub", inner: error);
        }
    }
}
