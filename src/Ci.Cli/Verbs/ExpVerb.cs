using System.CommandLine;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp</c>: experiments with parameters, kept as Git commits.</summary>
internal static class ExpVerb
{
    public const string Summary = "Run experiments with parameters, search, compare and keep them.";

    public const string QueueSummary = "Show and run the experiments that wait.";

    public static Command Create(CliContext context) => new("exp", Summary)
    {
        ExpRunVerb.Create(context),
        ExpShowVerb.Create(context),
        ExpListVerb.Create(context),
        ExpDiffVerb.Create(context),
        ExpApplyVerb.Create(context),
        ExpApplyVerb.CreateBranch(context),
        ExpRemoveVerb.Create(context),
        ExpRemoveVerb.CreateRename(context),
        ExpPushVerb.Create(context),
        ExpPushVerb.CreatePull(context),
        ExpQueueVerb.Create(context),
        ExpMatrixVerb.Create(context),
        ExpCollectVerb.Create(context),
    };
}
