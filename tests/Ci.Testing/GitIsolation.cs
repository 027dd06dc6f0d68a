namespace Ci.Testing;

/// <summary>Variables that keep git from reading the configuration of the user and the machine that a test runs on.</summary>
public static class GitIsolation
{
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["HOME"] = Path.GetTempPath(),
    };
}
