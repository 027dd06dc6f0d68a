using System.CommandLine;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

/// <summary>What the verbs over other repositories share.</summary>
internal static class UpstreamVerbs
{
    private const string Refused = "Not known here: settings are read from the other repository alone.";

    public static Option<string?> Revision() => new("--rev") { Description = "A branch, tag or commit of the other repository; its head if absent." };

    public static Option<string?> Remote() => new("--remote") { Description = "The name of a remote in the other repository's settings; its default one if absent." };

    public static Option<string?> Out() => new("--out", "-o") { Description = "Where to put it; its own name here if absent." };

    public static Option<int?> Jobs() => new("--jobs", "-j") { Description = "How much to transfer at the same time (the transfer limits itself)." };

    /// <summary>Options of DVC's that would lay settings over the other repository's own: told, not passed over.</summary>
    public static void RefuseSettings(Command command)
    {
        Option<string[]>[] refused = [new("--config") { Hidden = true, Description = Refused }, new("--remote-config") { Hidden = true, AllowMultipleArgumentsPerToken = true, Description = Refused }];
        foreach (var option in refused)
        {
            option.Validators.Add(result => result.AddError($"{option.Name} is not known here: settings are read from the other repository alone; set them there, or name one of its remotes with --remote"));
            command.Options.Add(option);
        }
    }

    public static UpstreamOptions Options(CliContext context, string? remote) => new(context.WorkingDirectory, GitSettings.Of(context), context.Time, remote) { Environment = context.Environment };

    /// <summary>Where something goes: by its own name here or into a folder that exists, else as asked for.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="source">Its path or address.</param>
    /// <param name="output">What <c>--out</c> said.</param>
    public static string Target(CliContext context, string source, string? output)
    {
        var path = Uri.TryCreate(source, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.AbsolutePath : source;
        var name = Path.GetFileName(path.TrimEnd('/'));
        if (name is "" or "." or "..")
            name = output is null ? throw new CliException($"`{source}` has no name of its own; give one with --out") : "data";
        var target = output is null ? context.FullPath(name) : Directory.Exists(context.FullPath(output)) ? Path.Combine(context.FullPath(output), name) : context.FullPath(output);
        target = Path.TrimEndingDirectorySeparator(target);
        return target.EndsWith(".dvc", StringComparison.Ordinal) || Path.GetFileName(target) == "dvc.yaml"
            ? throw new CliException($"`{Path.GetFileName(target)}` would be a file that describes data; name the data itself")
            : target;
    }

    /// <summary>Writes an item to a new place, whole or not at all.</summary>
    /// <param name="upstream">Its data is in the cache.</param>
    /// <param name="item">What to write.</param>
    /// <param name="target">Where; what is there already is replaced.</param>
    /// <param name="scratch">A folder on the same file system.</param>
    public static void Place(UpstreamRepository upstream, UpstreamItem item, string target, string scratch)
    {
        var made = Path.Combine(scratch, "made");
        if (item.IsFolder)
            Directory.CreateDirectory(made);
        foreach (var file in item.Files)
            upstream.Write(file, file.Path.Length == 0 ? made : Path.Combine(made, file.Path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Directory.Exists(target) && new DirectoryInfo(target).LinkTarget is null)
            Directory.Move(target, Path.Combine(scratch, "old"));
        else if (item.IsFolder)
            File.Delete(target);
        if (item.IsFolder)
            Directory.Move(made, target);
        else
            File.Move(made, target, overwrite: true);
    }

    /// <summary>Refuses to put data where the project has something else.</summary>
    public static void RefuseTaken(Pipeline pipeline, string target, string file)
    {
        var project = pipeline.Project;
        if (!project.Contains(target) || target == project.Root || project.Shown(target).Split('/')[0] is ".dvc" or ".git")
            throw new CliException($"`{project.Shown(target)}` must lie inside the project {project.Root} and outside of .dvc and .git");
        var makers = pipeline.Stages.SelectMany(s => s.Outputs.Select(o => (Name: $"stage `{s.Address}`", Path: o.FullPath)))
            .Concat(pipeline.Pointers.Where(p => p.File != file).Select(p => (Name: project.Shown(p.File), Path: p.Target)));
        if (makers.FirstOrDefault(m => m.Path == target || m.Path.StartsWith(target + "/", StringComparison.Ordinal) || target.StartsWith(m.Path + "/", StringComparison.Ordinal)) is { Name: { } maker })
            throw new CliException($"`{project.Shown(target)}` is an output of {maker} already, or lies in one");
        for (var at = Path.GetDirectoryName(target); at is not null && at.Length > project.Root.Length; at = Path.GetDirectoryName(at))
        {
            if (new DirectoryInfo(at) is { Exists: true, LinkTarget: not null })
                throw new CliException($"`{project.Shown(at)}` is a symbolic link; data is not put behind one");
        }
    }
}
