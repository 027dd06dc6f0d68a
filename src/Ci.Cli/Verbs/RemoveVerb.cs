using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Editing;
using Ci.Storage.FileSystem;

namespace Ci.Cli.Verbs;

internal static class RemoveVerb
{
    public const string Summary = "Stop tracking data, or take stages out of dvc.yaml.";

    public static Command Create(CliContext context) => Make(context, "remove");

    public static Command CreateShort(CliContext context) => Make(context, "rm");

    private static Command Make(CliContext context, string name)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = ".dvc files, or names of stages." };
        var outs = new Option<bool>("--outs") { Description = "Remove the data and outputs themselves from the workspace, too." };
        return new Command(name, Summary) { targets, outs }.Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var changed = new List<string>();
            // All are found before the first is removed: a typing mistake changes nothing.
            var found = parsed.GetValue(targets)!.Select(target => Find(context, pipeline, target)).ToList();
            foreach (var (pointer, stage) in found)
            {
                if (pointer is not null)
                    Remove(pipeline.Project, pointer, parsed.GetValue(outs), changed);
                else
                    Remove(pipeline.Project, stage!, parsed.GetValue(outs), changed);
            }

            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(changed.Distinct()) });
            return ExitCode.Ok;
        });
    }

    private static (PointerFile? Pointer, Stage? Stage) Find(CliContext context, Pipeline pipeline, string target)
    {
        var path = Path.TrimEndingDirectorySeparator(context.FullPath(target));
        if (pipeline.Pointers.FirstOrDefault(p => p.File == path) is { } pointer)
            return (pointer, null);
        if (pipeline.Pointers.FirstOrDefault(p => p.Target == path) is { } tracked)
            throw new CliException($"`{target}` is data; name the file that tracks it: `{pipeline.Project.Shown(tracked.File)}`");
        if (pipeline.Select([target], context.WorkingDirectory, alone: true) is not [var stage])
            throw new CliException($"`{target}` stands for several stages (foreach or matrix); take it out of dvc.yaml by hand");
        if (stage.Outputs.Any(o => o.FullPath == path))
            throw new CliException($"`{target}` is an output of stage `{stage.Address}`; `mlops remove {stage.Address}` removes the stage");
        return !File.Exists(Path.Combine(stage.Folder, "dvc.yaml")) || !StageText.Has(File.ReadAllText(Path.Combine(stage.Folder, "dvc.yaml")), stage.Name, "dvc.yaml")
            ? throw new CliException($"`{target}` is made by foreach or matrix of `{stage.Name.Split('@')[0]}`; take that out of dvc.yaml by hand")
            : (null, stage);
    }

    private static void Remove(Project project, PointerFile pointer, bool outs, List<string> changed)
    {
        // The pointer goes last: until then it says what was meant to go, and the same command can be given again.
        if (outs)
            project.Workspace.Remove(pointer.Target);
        Unignore(project, pointer.Target, changed);
        File.Delete(pointer.File);
        changed.Add(project.Shown(pointer.File));
    }

    private static void Remove(Project project, Stage stage, bool outs, List<string> changed)
    {
        foreach (var output in stage.Outputs)
        {
            if (outs)
                project.Workspace.Remove(output.FullPath);
            if (output.Cache)
                Unignore(project, output.FullPath, changed);
        }

        // The lock goes first: a lock of a stage that is no more would be kept for ever.
        Edit(project, Path.Combine(stage.Folder, LockFile.Name), stage.Name, changed);
        Edit(project, Path.Combine(stage.Folder, "dvc.yaml"), stage.Name, changed);
    }

    private static void Edit(Project project, string file, string stage, List<string> changed) => project.Locks.While($"{Path.GetFileName(file)} {file}", () =>
    {
        if (!File.Exists(file))
            return;
        var text = File.ReadAllText(file);
        var edited = StageText.Remove(text, stage, project.Shown(file));
        if (edited == text)
            return;
        if (edited is null)
            File.Delete(file);
        else
            DurableFiles.Replace(file, Encoding.UTF8.GetBytes(edited));
        changed.Add(project.Shown(file));
    });

    private static void Unignore(Project project, string path, List<string> changed)
    {
        if (GitIgnoring.Remove(project, path) is { } file)
            changed.Add(project.Shown(file));
    }
}
