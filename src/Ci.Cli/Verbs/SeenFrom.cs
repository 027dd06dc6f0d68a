using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary>Stages and paths as DVC names them: seen from the folder in which the command was given.</summary>
internal static class SeenFrom
{
    /// <summary>A stage's address, or a pointer's path.</summary>
    public static string Stage(CliContext context, Pipeline pipeline, string address)
    {
        var root = pipeline.Project.Root;
        if (context.WorkingDirectory == root)
            return address;
        if (pipeline.Stages.FirstOrDefault(s => s.Address == address) is not { } stage)
            return Relative(context, System.IO.Path.Combine(root, address));
        return stage.Folder == context.WorkingDirectory ? stage.Name : $"{Relative(context, System.IO.Path.Combine(stage.Folder, "dvc.yaml"))}:{stage.Name}";
    }

    /// <summary>A path as it is written in some folder; outside of the project it is absolute.</summary>
    public static string Path(CliContext context, Pipeline pipeline, string path, string folder)
    {
        if (System.IO.Path.IsPathRooted(path) && !pipeline.Project.Contains(path))
            return path;
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, folder));
        return pipeline.Project.Contains(full) ? Relative(context, full) : full;
    }

    private static string Relative(CliContext context, string full) =>
        System.IO.Path.GetRelativePath(context.WorkingDirectory, full).Replace(System.IO.Path.DirectorySeparatorChar, '/');
}
