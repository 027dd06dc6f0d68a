using Ci.Releases;

namespace Ci.Cli;

/// <summary>The keys that may sign, as the project's settings name them.</summary>
internal static class TrustedKeys
{
    public static IReadOnlyList<TrustedKey> Of(CliContext context) => [.. ProjectSettings.Load(context).TrustedKeys().SelectMany(TrustedKey.ReadPem)];
}
