using System.CommandLine;
using Ci.Cli.Verbs;

namespace Ci.Cli;

/// <summary>Every verb, one explicit line each. Only the verb that was asked for is built: start-up stays short.</summary>
internal static class VerbTable
{
    public static readonly (string Name, string Summary, Func<CliContext, Command> Make)[] All =
    [
        // --- Projects ---------------------------------------------------------------------------------------------
        ("new", NewVerb.Summary, NewVerb.Create),

        // --- Pipelines and data -----------------------------------------------------------------------------------
        ("init", "Make this folder a project with data and pipelines.", InitVerb.Create),
        ("repro", "Bring the pipeline of dvc.yaml up to date.", ReproVerb.Create),
        ("why", "Say why a stage would run: which part of its key changed.", WhyVerb.Create),
        ("dag", "Show which stages need which.", DagVerb.Create),
        ("freeze", "Keep stages from being run again, whatever changes.", FreezeVerb.Create),
        ("unfreeze", "Let frozen stages run again.", FreezeVerb.CreateUnfreeze),
        ("status", "Say which stages and data are not up to date.", StatusVerb.Create),
        ("add", "Track data files or folders.", AddVerb.Create),
        ("unprotect", "Make files that are links into the cache writable.", UnprotectVerb.Create),
        ("commit", "Record data and outputs as they are now.", CommitVerb.Create),
        ("push", "Send tracked data to the remote.", PushVerb.Create),
        ("pull", "Get tracked data from the remote into the workspace.", PullVerb.Create),
        ("fetch", "Get tracked data from the remote into the cache.", PullVerb.CreateFetch),
        ("checkout", "Put tracked data from the cache into the workspace.", CheckoutVerb.Create),
        ("remote", RemoteVerb.Summary, RemoteVerb.Create),
        ("config", ConfigVerb.Summary, ConfigVerb.Create),
        ("gc", GcVerb.Summary, GcVerb.Create),
        ("metrics", "Show and compare metrics.", MetricsVerb.Create),
        ("params", "Compare parameters.", ParamsVerb.Create),
        ("plots", "Show the series that stages write as plots.", PlotsVerb.Create),
        ("data", DataVerb.Summary, DataVerb.Create),
        ("diff", DiffVerb.Summary, DiffVerb.Create),
        ("ls", LsVerb.Summary, LsVerb.Create),
        ("list", "The same as ls.", LsVerb.CreateList),
        ("get", GetVerb.Summary, GetVerb.Create),
        ("import", ImportVerb.Summary, ImportVerb.Create),
        ("import-url", ImportUrlVerb.Summary, ImportUrlVerb.Create),
        ("update", UpdateVerb.Summary, UpdateVerb.Create),
        ("remove", RemoveVerb.Summary, RemoveVerb.Create),
        ("rm", "The same as remove.", RemoveVerb.CreateShort),
        ("move", MoveVerb.Summary, MoveVerb.Create),
        ("mv", "The same as move.", MoveVerb.CreateShort),
        ("stage", StageVerb.Summary, StageVerb.Create),
        ("root", RootVerb.Summary, RootVerb.Create),
        ("check-ignore", CheckIgnoreVerb.Summary, CheckIgnoreVerb.Create),

        // --- Experiments ------------------------------------------------------------------------------------------
        ("exp", ExpVerb.Summary, ExpVerb.Create),
        ("queue", ExpVerb.QueueSummary, ExpQueueVerb.Create),

        // --- Training ---------------------------------------------------------------------------------------------
        ("train", TrainVerb.Summary, TrainVerb.Create),

        // --- Scoring ----------------------------------------------------------------------------------------------
        ("score", "Ask a model for predictions.", ScoreVerb.Create),

        // --- Evaluation -------------------------------------------------------------------------------------------
        ("evaluate", EvaluateVerb.Summary, EvaluateVerb.Create),
        ("compare", CompareVerb.Summary, CompareVerb.Create),

        // --- Reporting --------------------------------------------------------------------------------------------
        ("report", ReportVerb.Summary, ReportVerb.Create),
        ("card", CardVerb.Summary, CardVerb.Create),

        // --- Forges -----------------------------------------------------------------------------------------------
        ("comment", "Post a report on a pull request or commit, and keep it one comment.", CommentVerb.Create),
        ("pr", "Open pull requests.", PullRequestVerb.Create),
        ("check", "Put a check on a commit.", CheckVerb.Create),
        ("asset", AssetVerb.Summary, AssetVerb.Create),
        ("repo", RepoVerb.Summary, RepoVerb.Create),
        ("workflow", WorkflowVerb.Summary, WorkflowVerb.Create),

        // --- Releases, registry, promotion ------------------------------------------------------------------------
        ("release", ReleaseVerb.Summary, ReleaseVerb.Create),
        ("registry", RegistryVerb.Summary, RegistryVerb.Create),
        ("promote", PromoteVerb.Summary, PromoteVerb.Create),
        ("audit", AuditVerb.Summary, AuditVerb.Create),
        ("edge", EdgeVerb.Summary, EdgeVerb.Create),

        // --- Monitoring -------------------------------------------------------------------------------------------
        ("monitor", MonitorVerb.Summary, MonitorVerb.Create),

        // --- Continuous integration --------------------------------------------------------------------------------
        ("action", ActionVerb.Summary, ActionVerb.Create),

        ("version", "Say which mlops this is.", VersionVerb.Create),
    ];
}
