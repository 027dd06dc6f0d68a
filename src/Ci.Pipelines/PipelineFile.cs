using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Reads a <c>dvc.yaml</c>. Whatever it does not know is an error with file and line: a key passed over is a wrong result later.</summary>
internal sealed class PipelineFile
{
    public const string Name = "dvc.yaml";
    public const string DefaultParameters = "params.yaml";

    private readonly Project project;
    private readonly string folder;
    private readonly string shown;

    private PipelineFile(Project project, string file)
    {
        this.project = project;
        this.folder = Path.GetDirectoryName(file)!;
        this.shown = project.Shown(file);
    }

    /// <summary>What passes, but probably not as meant.</summary>
    private List<string> Warnings { get; } = [];

    /// <summary>The stages, in the order in which they stand, what is named at the top level, and warnings.</summary>
    public static (IReadOnlyList<Stage> Stages, TopLevel TopLevel, IReadOnlyList<string> Warnings) Read(Project project, string file)
    {
        var reader = new PipelineFile(project, file);
        var (stages, top) = reader.Read(file);
        return (stages, top, reader.Warnings);
    }

    private (IReadOnlyList<Stage> Stages, TopLevel TopLevel) Read(string file)
    {
        if (YamlReader.Read(File.ReadAllText(file), this.shown) is not { } root)
            return ([], new TopLevel());
        var top = new YamlFields(root, this.shown, "top level", "stages", "vars", "params", "metrics", "plots", "artifacts", "datasets");
        var filling = this.Filling(top);
        var extra = new TopLevelReader(top, this.folder, this.project.Root, filling).Read();
        var stages = new List<Stage>();
        if (top["stages"] is { } all)
        {
            if (all is not YamlMappingNode mapping)
                throw top.Error(all, "`stages` must have one key per stage");
            var reader = new StageReader(this.project.Root, this.folder, this.shown, this.Warnings);
            foreach (var (key, node) in mapping.Children)
            {
                foreach (var (name, description, own) in StageExpansion.Of((key as YamlScalarNode)?.Value ?? "", node, this.shown, filling, this.Warnings))
                    stages.Add(reader.Read(name, description, own));
            }
        }

        return (stages, extra with { Parameters = [.. extra.Parameters, .. this.FilledIn(filling)] });
    }

    // What a file gave to the pipeline is a parameter of it, though no stage says so.
    private IEnumerable<ParameterSet> FilledIn(Interpolation filling) =>
        filling.Used.GroupBy(u => u.FullPath, StringComparer.Ordinal)
            .Select(file => new ParameterSet(Path.GetRelativePath(this.folder, file.Key).Replace(Path.DirectorySeparatorChar, '/'), file.Key, [.. file.Select(u => u.Key)]));

    private Interpolation Filling(YamlFields top)
    {
        var filling = new Interpolation(this.project.Config);
        var file = Path.Combine(this.folder, DefaultParameters);
        if (File.Exists(file))
            filling.AddFile(file, this.project.Shown(file), [], this.shown);
        Variables.Add(filling, top, this.folder);
        return filling;
    }
}
