using Ci.Data;

namespace Ci.Pipelines.Revisions;

/// <summary>The project as its files are now.</summary>
public sealed class WorkspaceView(Pipeline pipeline) : ProjectView
{
    public override string Name => Workspace;

    public override Pipeline Pipeline { get; } = pipeline;

    protected override Project Home => this.Pipeline.Project;

    protected override byte[]? Own(string path, int limit)
    {
        var file = new FileInfo(Path.Combine(this.Pipeline.Project.Root, path));
        if (!file.Exists)
            return null;
        return file.Length <= limit ? File.ReadAllBytes(file.FullName) : throw new PipelineException($"`{path}` holds more than {limit >> 20} MiB, which is no file to show or compare");
    }

    protected override bool HasOwn(string path) => File.Exists(Path.Combine(this.Pipeline.Project.Root, path));

    protected override IEnumerable<string> OwnFiles(string path)
    {
        var full = Path.Combine(this.Pipeline.Project.Root, path);
        return Directory.Exists(full) ? Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Select(this.Shown) : [];
    }
}
