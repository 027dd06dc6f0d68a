using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary>The project that one lies in; or, where there is none, a folder for the time of one command with a cache of its own.</summary>
internal sealed class ScratchProject : IDisposable
{
    private readonly string? folder;

    private ScratchProject(Project project, string? folder) => (this.Project, this.folder) = (project, folder);

    public Project Project { get; }

    public static ScratchProject HereOrNew(CliContext context)
    {
        try
        {
            return new ScratchProject(Project.Open(context.WorkingDirectory, context.Time, context.Environment), null);
        }
        catch (NotAProjectException)
        {
            return In(Directory.CreateTempSubdirectory("mlops-scratch-").FullName, context);
        }
    }

    /// <summary>Beside what is going to be written, so that it can be moved there in one step.</summary>
    public static ScratchProject Beside(string target, CliContext context)
    {
        var parent = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(parent);
        var made = Path.Combine(parent, $"{Storage.BlobKeys.TemporaryPrefix}get-{Guid.NewGuid():N}");
        Directory.CreateDirectory(made);
        return In(made, context);
    }

    public void Dispose()
    {
        if (this.folder is null)
            this.Project.SaveState();
        else
            Directory.Delete(this.folder, recursive: true);
    }

    private static ScratchProject In(string folder, CliContext context)
    {
        Directory.CreateDirectory(Path.Combine(folder, ".dvc"));
        return new ScratchProject(Project.Open(folder, context.Time, context.Environment), folder);
    }
}
