using Ci.Data;

namespace Ci.Cli;

/// <summary>
/// The verbs that keep DVC's names keep its exit codes, too, so that scripts written for it go on working. What DVC has no code for
/// (interrupted, unavailable, refused) keeps ours. Documented in docs/guide/exit-codes.md.
/// </summary>
internal static class DvcExitCodes
{
    private const int Pipeline = 255;
    private const int Usage = 254;
    private const int NoProject = 253;
    private const int Configuration = 251;

    private static readonly string[] Verbs =
    [
        "init", "repro", "status", "add", "commit", "push", "pull", "fetch", "checkout", "remote", "config", "gc", "metrics", "params", "plots", "exp", "queue",
        "diff", "ls", "list", "get", "import", "import-url", "update", "remove", "rm", "move", "mv", "stage", "root", "check-ignore", "unprotect", "dag", "freeze", "unfreeze",
    ];

    // These catch what goes wrong while they work, and not what is wrong with the settings that they begin with.
    private static readonly string[] StateVerbs = ["init", "status", "commit"];

    // Their failures are about data, and DVC ends them with 1 whatever it was.
    private static readonly string[] DataVerbs = ["add", "push", "pull", "fetch", "diff", "ls", "list", "get", "import", "import-url", "update", "remove", "rm", "move", "mv", "freeze", "unfreeze"];

    /// <summary>The code that a verb ends with.</summary>
    /// <param name="verb">The first word of the command line.</param>
    /// <param name="code">Ours.</param>
    /// <param name="error">What ended it; null when the command line itself was wrong.</param>
    public static int Of(string verb, int code, Exception? error) => (code, error) switch
    {
        _ when !Verbs.Contains(verb, StringComparer.Ordinal) => code,
        (ExitCode.Usage, _) => Usage,
        (not ExitCode.Error, _) => code,
        (_, NotAProjectException) => NoProject,
        (_, MisplacedIgnoreFileException) => Pipeline,
        _ when DataVerbs.Contains(verb, StringComparer.Ordinal) => code,
        (_, ProjectConfigException) => Configuration,
        _ when StateVerbs.Contains(verb, StringComparer.Ordinal) => code,
        _ => Pipeline,
    };
}
