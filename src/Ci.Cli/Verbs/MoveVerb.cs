using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Editing;
using Ci.Storage.FileSystem;

namespace Ci.Cli.Verbs;

internal static class MoveVerb
{
    public const string Summary = "Rename or move tracked data, with its .dvc file.";

    public static Command Create(CliContext context) => Make(context, "move");

    public static Command CreateShort(CliContext context) => Make(context, "mv");

    private static Command Make(CliContext context, string name)
    {
        var source = new Argument<string>("src") { Description = "Tracked data." };
        var destination = new Argument<string>("dst") { Description = "Its new place; a folder that exists takes it in under its name." };
        return new Command(name, Summary) { source, destination }.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var project = pipeline.Project;
            var from = Path.TrimEndingDirectorySeparator(context.FullPath(parsed.GetValue(source)!));
            var to = Path.TrimEndingDirectorySeparator(context.FullPath(parsed.GetValue(destination)!));
            var pointer = Find(pipeline, from, parsed.GetValue(source)!);
            // What a killed move left in the new place is not a folder to move into.
            if (Directory.Exists(to) && !File.Exists(to + ".dvc"))
                to = Path.Combine(to, Path.GetFileName(from));
            var changed = Move(context, pipeline, pointer, from, to);
            project.SaveState();
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(changed) });
            await DataVerbs.StageAsync(context, project, changed, parsed.IsJson(), ct);
            return ExitCode.Ok;
        });
    }

    private static PointerFile Find(Pipeline pipeline, string from, string written)
    {
        if (pipeline.Pointers.FirstOrDefault(p => p.Target == from) is { } pointer)
            return pointer;
        if (pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == from)) is { } stage)
        {
            throw new CliException($"`{written}` is made by stage `{stage.Address}`, whose command would make it there again; to move it: "
                + $"change the path in the command and the outputs of {pipeline.Project.Shown(Path.Combine(stage.Folder, "dvc.yaml"))}, rename the file, and run `mlops commit {stage.Address}`");
        }

        throw new CliException($"`{written}` is no tracked data{NearNames.Hint(written, pipeline.Pointers.Select(p => pipeline.Project.Shown(p.Target)))}");
    }

    private static List<string> Move(CliContext context, Pipeline pipeline, PointerFile pointer, string from, string to)
    {
        var project = pipeline.Project;
        var file = pointer.File == from + ".dvc" ? to + ".dvc" : pointer.File;
        UpstreamVerbs.RefuseTaken(pipeline, to, file);
        if (to == from)
            throw new CliException($"`{project.Shown(from)}` is there already");
        var text = PointerEditing.WithPath(
            File.ReadAllText(pointer.File), Path.GetRelativePath(Path.GetDirectoryName(file)!, to).Replace(Path.DirectorySeparatorChar, '/'), Path.GetDirectoryName(pointer.File)!, Path.GetDirectoryName(file)!, project.Shown(pointer.File));
        RefuseOther(context, file, pointer, text, from, to);

        // In this order, ended at any moment, a pointer and the data are always there, and the same command goes on where it was ended.
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        var added = GitIgnoreFile.Add(project, to);
        if (file != pointer.File)
            DurableFiles.Replace(file, Encoding.UTF8.GetBytes(text));
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else if (File.Exists(from))
            File.Move(from, to);
        if (file != pointer.File)
            File.Delete(pointer.File);
        else
            DurableFiles.Replace(file, Encoding.UTF8.GetBytes(text));
        if (ImportFile.Read(file, project.Shown(file)) is { } import)
            import.Write();
        var removed = GitIgnoring.Remove(project, from);
        return [.. new[] { pointer.File, file, added, removed }.OfType<string>().Distinct().Select(project.Shown)];
    }

    private static void RefuseOther(CliContext context, string file, PointerFile pointer, string text, string from, string to)
    {
        if (file != pointer.File && File.Exists(file) && File.ReadAllText(file) != text)
            throw new CliException($"`{Path.GetRelativePath(context.WorkingDirectory, file)}` exists already and tracks something else");
        if (Path.Exists(to) && (Path.Exists(from) || !File.Exists(file)))
            throw new CliException($"`{Path.GetRelativePath(context.WorkingDirectory, to)}` exists already; move it away first");
    }
}
