namespace Ci.Cli;

/// <summary>Turns whatever a verb threw into one message on standard error and an exit code.</summary>
internal static class ErrorReport
{
    public static int Tell(CliContext context, Exception error, bool verbose)
    {
        var code = CodeOf(error);
        if (code == ExitCode.Interrupted)
        {
            context.Problem("mlops: interrupted");
            return code;
        }

        context.Problem($"mlops: {error.Message}");
        if (verbose)
            context.Problem(error.ToString());
        else if (!IsExpected(error))
            context.Problem("mlops: this was not expected; run again with --verbose and report what it prints");
        return code;
    }

    private static int CodeOf(Exception error) => error switch
    {
        CliException cli => cli.ExitCode,
        Ci.Forges.ForgeUnavailableException => ExitCode.Unavailable,
        Ci.Forges.ForgeRefusedException => ExitCode.Refused,
        Ci.Releases.ReleaseRefusedException or Ci.Reporting.BundleRefusedException => ExitCode.Refused,
        Ci.Promotion.PromotionRefusedException => ExitCode.Refused,
        Ci.Promotion.PromotionContendedException => ExitCode.Unavailable,
        OperationCanceledException => ExitCode.Interrupted,
        Ci.Storage.StorageUnavailableException or Ci.Git.GitUnavailableException => ExitCode.Unavailable,
        _ => ExitCode.Error,
    };

    // Rooms throw their own exception families; they all live in namespaces that begin with "Ci.".
    private static bool IsExpected(Exception error) =>
        error is IOException or UnauthorizedAccessException
        || error.GetType().Namespace is { } name && name.StartsWith("Ci.", StringComparison.Ordinal);
}
