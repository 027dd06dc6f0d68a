using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;
using Ci.Storage.FileSystem;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp matrix</c>: a search as a plan, and as the jobs that run it on as many runners as there are.</summary>
internal static class ExpMatrixVerb
{
    private static readonly Option<bool> GitHub = new("--github") { Description = "Print the matrix of a GitHub Actions job: JSON for fromJSON." };
    private static readonly Option<bool> GitLab = new("--gitlab") { Description = "Print a GitLab child pipeline." };
    private static readonly Option<bool> Kubernetes = new("--kubernetes") { Description = "Print an indexed Kubernetes Job." };
    private static readonly Option<string> Plan = new("--plan") { Description = "Where the plan goes.", DefaultValueFactory = _ => ExperimentPlan.FileName };
    private static readonly Option<string?> Out = new("--out") { Description = "Write the jobs to this file instead of printing them." };
    private static readonly Option<string> Image = new("--image") { Description = "The container image with mlops (GitLab, Kubernetes).", DefaultValueFactory = _ => "registry.example/mlops:1" };
    private static readonly Option<string?> Repository = new("--repository") { Description = "The Git address that Kubernetes clones from." };
    private static readonly Option<int> Jobs = new("--jobs", "-j") { Description = "Trials at the same time (Kubernetes).", DefaultValueFactory = _ => 4 };
    private static readonly ExpSearchOptions Search = new();

    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Stages to bring up to date, with what they need; all stages if absent.");
        var command = new Command("matrix", "Spread a search over many runners: write its plan, and the jobs that run one trial each.")
        {
            targets, ExpSupport.Set, GitHub, GitLab, Kubernetes, Plan, Out, Image, Repository, Jobs,
        };
        Search.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            if (new[] { parsed.GetValue(GitHub), parsed.GetValue(GitLab), parsed.GetValue(Kubernetes) }.Count(chosen => chosen) != 1)
                throw new CliException("say what runs the trials: one of --github, --gitlab, --kubernetes", ExitCode.Usage);
            var home = await ExpSupport.OpenAsync(context, ct);
            var head = await home.HeadAsync(ct);
            var overrides = ExpSupport.Overrides(context, home, parsed.GetValue(ExpSupport.Set));
            var plan = Search.Read(context, home, parsed, overrides, parsed.GetValue(targets) ?? []);
            // A mistyped key is told here, and not by every runner.
            foreach (var trial in plan.Trials.Take(1))
                await home.WithParametersAsync(head, plan.Halving is { } halving ? [.. trial.Set, halving.Of(0)] : trial.Set, note => context.Note($"mlops: {note}"), ct);
            var jobs = JobsOf(parsed, plan, home, head);
            var file = parsed.GetValue(Plan)!;
            DurableFiles.Replace(context.FullPath(file), plan.ToBytes());
            Write(context, parsed, plan, plan.IdAt(head), jobs);
            context.Note($"mlops: {plan.Trials.Count} trials of plan {plan.IdAt(head)} in {file}; afterwards `mlops exp collect {file}` gathers the results");
            return ExitCode.Ok;
        });
    }

    private static string JobsOf(ParseResult parsed, ExperimentPlan plan, ExperimentWorkspace home, string head)
    {
        if (parsed.GetValue(GitHub))
            return ExpJobs.GitHub(plan.Trials.Count);
        if (parsed.GetValue(GitLab))
            return ExpJobs.GitLab(plan.Trials.Count, parsed.GetValue(Plan)!, parsed.GetValue(Image)!);
        var address = parsed.GetValue(Repository) ?? throw new CliException("--kubernetes needs --repository: the Git address that its pods clone from", ExitCode.Usage);
        var inside = home.InGit(home.Project.Root);
        return ExpJobs.Kubernetes(plan, head, inside, address, parsed.GetValue(Image)!, Math.Max(1, parsed.GetValue(Jobs)));
    }

    private static void Write(CliContext context, ParseResult parsed, ExperimentPlan plan, string id, string jobs)
    {
        if (parsed.GetValue(Out) is { } file)
            DurableFiles.Replace(context.FullPath(file), System.Text.Encoding.UTF8.GetBytes(jobs + "\n"));
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["id"] = id, ["plan"] = plan.ToJson(), ["jobs"] = jobs });
        else if (parsed.GetValue(Out) is null)
            context.Line(jobs);
    }
}
