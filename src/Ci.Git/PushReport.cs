namespace Ci.Git;

/// <summary>Reads what <c>git push --porcelain</c> says about each reference.</summary>
internal static class PushReport
{
    // Lost against another writer: the lease was wrong here, or the server's own compare-and-swap failed. "atomic" lines only follow others.
    private static readonly string[] Lost =
    [
        "stale info", "fetch first", "failed to update ref", "failed to lock", "cannot lock ref", "incorrect old value", "reference already exists",
        "remote ref updated since checkout", "atomic transaction failed",
    ];

    public static PushOutcome Read(IReadOnlyList<string> arguments, GitResult result)
    {
        var rejected = result.Text.Split('\n').Where(line => line.StartsWith("!\t", StringComparison.Ordinal)).ToList();
        if (result.ExitCode == 0 && rejected.Count == 0)
            return PushOutcome.Accepted;
        if (rejected.Any(IsLost) && rejected.All(line => IsLost(line) || line.Contains("atomic push", StringComparison.Ordinal)))
            return PushOutcome.Stale;
        var reasons = string.Join("; ", rejected.Select(line => line[2..].Replace('\t', ' ')));
        throw GitErrors.Of(arguments, result with { Error = reasons.Length > 0 ? $"{reasons}; {result.Error}" : result.Error });
    }

    private static bool IsLost(string line) => Lost.Any(text => line.Contains(text, StringComparison.Ordinal));
}
