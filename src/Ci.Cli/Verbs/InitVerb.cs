using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

internal static class InitVerb
{
    public static Command Create(CliContext context)
    {
        var folder = new Argument<string?>("directory") { Arity = ArgumentArity.ZeroOrOne, Description = "The folder; the current one if absent." };
        var noGit = new Option<bool>("--no-scm") { Description = "In a folder that no Git repository holds." };
        var inside = new Option<bool>("--subdir") { Description = "In a folder inside a Git repository, and not at its top." };
        var force = new Option<bool>("--force", "-f") { Description = "Begin anew: the .dvc that is there goes, with its settings and its cache." };
        return new Command("init", "Make this folder a project with data and pipelines (creates .dvc).") { folder, noGit, inside, force }.Does(context, parsed =>
        {
            var root = context.FullPath(parsed.GetValue(folder) ?? ".");
            Check(root, parsed.GetValue(noGit), parsed.GetValue(inside));
            Project.Initialize(root, parsed.GetValue(noGit), parsed.GetValue(force));
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["root"] = root });
            else
                context.Line("Initialized the project." + (parsed.GetValue(noGit) ? "" : "\n\nYou can now commit the changes to git:\n\n\tgit add .dvc/config .dvc/.gitignore .dvcignore"));
            return ExitCode.Ok;
        });
    }

    // A project that Git does not see cannot be shared, and data beside it would land in Git: as DVC, ask for it in words.
    private static void Check(string root, bool noGit, bool inside)
    {
        if (noGit && inside)
            throw new CliException("--no-scm and --subdir exclude each other: a folder is inside a Git repository or it is not");
        if (!Directory.Exists(root))
            throw new CliException($"{root} is no folder; make it first");
        if (noGit || Path.Exists(Path.Combine(root, ".git")) || (inside && Above(root)))
            return;
        throw new CliException($"{root} is {(Above(root) ? "not the top of its Git repository: `mlops init --subdir` makes it a project nevertheless" : "in no Git repository: run `git init` first, or `mlops init --no-scm` to do without")}");
    }

    private static bool Above(string root)
    {
        for (var at = new DirectoryInfo(root).Parent; at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return true;
        }

        return false;
    }
}
