using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp apply</c> and <c>exp branch</c>: an experiment becomes the workspace, or a branch.</summary>
internal static class ExpApplyVerb
{
    private static readonly Argument<string> Name = new("experiment") { Description = "The experiment's name." };

    public static Command Create(CliContext context)
    {
        var force = new Option<bool>("--force", "-f") { Description = $"Overwrite what is committed nowhere; it is kept at {ExperimentApplication.Kept}." };
        var noForce = new Option<bool>("--no-force") { Description = "The default: refuse to overwrite what is committed nowhere." };
        return new Command("apply", "Put an experiment's files and data into the workspace.") { Name, force, noForce }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var experiment = await home.Store.FindAsync(parsed.GetRequiredValue(Name), ct);
            var (changed, missing, kept) = await new ExperimentApplication(home).RunAsync(experiment, parsed.GetValue(force), ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["experiment"] = experiment.Ref.Name, ["changed"] = DataVerbs.Array(changed), ["problems"] = DataVerbs.Array(missing), ["kept"] = kept ? ExperimentApplication.Kept : null });
            else
                context.Line($"Changes for experiment '{experiment.Ref.Name}' have been applied to your current workspace.");
            if (kept)
                context.Note($"mlops: what was overwritten is kept: `git diff {ExperimentApplication.Kept}` compares, `git checkout {ExperimentApplication.Kept} -- FILE` brings back");
            missing.ToList().ForEach(line => context.Note($"mlops: {line}"));
            return ExitCode.Ok;
        });
    }

    public static Command CreateBranch(CliContext context)
    {
        var branch = new Argument<string?>("branch") { Arity = ArgumentArity.ZeroOrOne, Description = "The branch's name; NAME-branch if absent." };
        return new Command("branch", "Make a Git branch of an experiment.") { Name, branch }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var experiment = await home.Store.FindAsync(parsed.GetRequiredValue(Name), ct);
            var name = parsed.GetValue(branch) ?? $"{experiment.Ref.Name}-branch";
            if (!await home.Git.IsRefNameAsync($"refs/heads/{name}", ct))
                throw new CliException($"`{name}` is not a name that git allows for a branch");
            if (!await home.Git.UpdateRefAsync($"refs/heads/{name}", experiment.Commit, null, ct))
                throw new CliException($"Git branch '{name}' already exists");
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["branch"] = name, ["commit"] = experiment.Commit });
            else
                context.Line($"Git branch '{name}' has been created from experiment '{experiment.Ref.Name}'.\nTo switch to the new branch run:\n\n\tgit checkout {name}");
            return ExitCode.Ok;
        });
    }
}
