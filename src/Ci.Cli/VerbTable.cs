using System.CommandLine;
using Ci.Cli.Verbs;

namespace Ci.Cli;

/// <summary>Every verb, one explicit line each. Only the verb that was asked for is built: start-up stays short.</summary>
internal static class VerbTable
{
    public static readonly IReadOnlyList<(string Name, string Summary, Func<CliContext, Command> Make)> All =
    [
        // --- Projects ---------------------------------------------------------------------------------------------

        // --- Pipelines and data -----------------------------------------------------------------------------------

        // --- Training ---------------------------------------------------------------------------------------------

        // --- Scoring ----------------------------------------------------------------------------------------------
        ("score", "Ask a model for predictions.", ScoreVerb.Create),

        // --- Evaluation -------------------------------------------------------------------------------------------
        ("evaluate", EvaluateVerb.Summary, EvaluateVerb.Create),
        ("compare", CompareVerb.Summary, CompareVerb.Create),

        // --- Reporting --------------------------------------------------------------------------------------------
        ("report", ReportVerb.Summary, ReportVerb.Create),

        // --- Forges -----------------------------------------------------------------------------------------------
        ("comment", "Post a report on a pull request or commit, and keep it one comment.", CommentVerb.Create),
        ("pr", "Open pull requests.", PullRequestVerb.Create),
        ("check", "Put a check on a commit.", CheckVerb.Create),

        // --- Releases, registry, promotion ------------------------------------------------------------------------

        // --- Monitoring -------------------------------------------------------------------------------------------

        ("version", "Say which mlops this is.", VersionVerb.Create),
    ];
}
