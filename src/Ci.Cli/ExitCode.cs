namespace Ci.Cli;

/// <summary>The exit codes of <c>mlops</c>; they are printed by <c>--help</c> and documented in docs/guide/exit-codes.md.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Ok = 0;

    /// <summary>It failed: standard error says what, where, and how to fix it.</summary>
    public const int Error = 1;

    /// <summary>The command line itself was wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>A gate says that the candidate is worse than the baseline.</summary>
    public const int Regress = 3;

    /// <summary>The evidence does not suffice for a verdict.</summary>
    public const int Inconclusive = 4;

    /// <summary>A signature, digest, policy or promotion rule refused.</summary>
    public const int Refused = 5;

    /// <summary>A network, forge or blob store did not answer; the same command may succeed later.</summary>
    public const int Unavailable = 6;

    /// <summary>Stopped by Ctrl-C or SIGTERM (128 + 2, as shells report it).</summary>
    public const int Interrupted = 130;
}
