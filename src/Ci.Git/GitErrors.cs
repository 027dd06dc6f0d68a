namespace Ci.Git;

/// <summary>Reads git's (English) messages into the exception family: the only place that knows their wording.</summary>
internal static class GitErrors
{
    private static readonly string[] Refused =
    [
        "Authentication failed", "could not read Username", "could not read Password", "Permission denied", "returned error: 401", "returned error: 403",
        "Permission to ", "pre-receive hook declined", "protected branch", "remote rejected", "rejected", "dubious ownership", "already exists", "Invalid path",
    ];

    private static readonly string[] Unavailable =
    [
        "Could not resolve host", "Failed to connect", "Couldn't connect", "Connection refused", "Connection timed out", "Connection reset", "Operation timed out",
        "unable to access", "remote end hung up", "early EOF", "RPC failed", "returned error: 5", "Could not read from remote repository",
        "does not appear to be a git repository", "does not exist", "not found", "Network is unreachable",
    ];

    public static GitException Of(IReadOnlyList<string> arguments, GitResult result)
    {
        var command = arguments.FirstOrDefault(a => !a.StartsWith('-')) ?? "git";
        var words = Short(result.Error.Length > 0 ? result.Error : result.Text.Trim());
        var message = $"git {command} failed (exit code {result.ExitCode}): {words}";
        if (result.ExitCode == 129)
            return new GitMissingException($"{message}; this git is probably too old: mlops needs 2.30 or newer");
        if (words.Contains("dubious ownership", StringComparison.Ordinal))
            return new GitRefusedException($"{message}; if you trust this repository: git config --global --add safe.directory PATH");
        if (words.Contains("not a git repository", StringComparison.Ordinal))
            return new NotARepositoryException(message);
        var remote = command is "fetch" or "push" or "clone" or "ls-remote";
        if (Refused.Any(text => words.Contains(text, StringComparison.Ordinal)))
            return new GitRefusedException(message);
        if (remote && Unavailable.Any(text => words.Contains(text, StringComparison.OrdinalIgnoreCase)))
            return new GitUnavailableException(message);
        return new GitException(message);
    }

    // A remote's message is outside text: bounded, on one line.
    private static string Short(string text)
    {
        var line = string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(part => !part.StartsWith("hint:", StringComparison.Ordinal)).Take(8));
        line = new string([.. line.Where(c => !char.IsControl(c))]);
        return line.Length > 800 ? line[..800] + "…" : line;
    }
}
