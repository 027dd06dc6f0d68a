namespace Ci.EdgeAgent.Commands;

/// <summary>The exit codes of <c>edge-agent</c>; docs/guide/edge-agent.md lists them.</summary>
internal static class AgentExit
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Failed: standard error says what, where, and how to fix it.</summary>
    public const int Error = 1;

    /// <summary>The command line itself was wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>doctor: a check failed. status --check: a model does not serve.</summary>
    public const int Bad = 3;

    /// <summary>doctor: a check warned. status --check: a model serves, but not what is wanted.</summary>
    public const int Doubtful = 4;

    /// <summary>A signature, digest or rule refused.</summary>
    public const int Refused = 5;

    /// <summary>No agent answers (status), a network or store did not, or the day's flash budget is used up (import); the same command may succeed later.</summary>
    public const int Unavailable = 6;

    /// <summary>Stopped by Ctrl-C or SIGTERM before it was done (128 + 2, as shells report it).</summary>
    public const int Interrupted = 130;

    public const string Help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a check failed (doctor, status --check), 4 a check warned, 5 refused, 6 nobody answers, 130 interrupted.";
}
