using Ci.Data;
using Ci.Data.Yaml;
using Ci.Pipelines.Parameters;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Reads a <c>dvc.yaml</c>. Whatever it does not know is an error with file and line: a key passed over is a wrong result later.</summary>
internal sealed class PipelineFile
{
    public const string Name = "dvc.yaml";
    public const string DefaultParameters = "params.yaml";

    private static readonly string[] StageKeys = ["cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "frozen", "always_changed", "desc", "meta", "vars", "foreach", "do", "matrix"];
    private static readonly string[] OutputKeys = ["cache", "persist", "remote", "push", "desc", "type", "labels", "meta", "checkpoint"];
    private static readonly string[] PlotKeys = ["x", "y", "x_label", "y_label", "title", "header", "template"];

    private readonly string folder;
    private readonly string shown;
    private readonly string root;

    private PipelineFile(Project project, string file)
    {
        this.folder = Path.GetDirectoryName(file)!;
        this.shown = project.Shown(file);
        this.root = project.Root;
    }

    /// <summary>The stages, in the order in which they stand, and the plots and metrics named at the top level.</summary>
    public static (IReadOnlyList<Stage> Stages, IReadOnlyList<Output> TopLevel) Read(Project project, string file) => new PipelineFile(project, file).Read(file);

    private (IReadOnlyList<Stage> Stages, IReadOnlyList<Output> TopLevel) Read(string file)
    {
        if (YamlReader.Read(File.ReadAllText(file), this.shown) is not { } root)
            return ([], []);
        var top = new YamlFields(root, this.shown, "top level", "stages", "vars", "params", "metrics", "plots", "artifacts", "datasets");
        var filling = this.Filling(top);
        var extra = this.Outputs(top, "metrics", OutputKind.Metrics, this.folder, filling).Select(o => o with { Cache = false }).ToList();
        var stages = new List<Stage>();
        if (top["stages"] is { } all)
        {
            if (all is not YamlMappingNode mapping)
                throw top.Error(all, "`stages` must have one key per stage");
            foreach (var (key, node) in mapping.Children)
                stages.Add(this.ReadStage(((YamlScalarNode)key).Value ?? "", node, filling));
        }

        return (stages, extra);
    }

    private Interpolation Filling(YamlFields top)
    {
        var filling = new Interpolation();
        var file = Path.Combine(this.folder, DefaultParameters);
        if (File.Exists(file))
            filling.Add(ParameterFile.Read(file, DefaultParameters), DefaultParameters);
        this.AddVars(filling, top, this.folder);
        return filling;
    }

    private void AddVars(Interpolation filling, YamlFields fields, string folder)
    {
        foreach (var item in fields.Items("vars"))
        {
            var where = $"{this.shown}:{item.Start.Line}";
            if (item is YamlScalarNode { Value: { } path })
            {
                var file = Path.GetFullPath(path, folder);
                if (!File.Exists(file))
                    throw fields.Error(item, $"`vars` names {path}, which does not exist");
                filling.Add(ParameterFile.Read(file, path), path);
            }
            else
                filling.Add(YamlReader.ValueOf(item, this.shown), where);
        }
    }

    private Stage ReadStage(string name, YamlNode node, Interpolation filling)
    {
        var fields = new YamlFields(node, this.shown, $"stage `{name}`", StageKeys);
        foreach (var later in new[] { "foreach", "do", "matrix" })
        {
            if (fields.Has(later))
                throw fields.Error(node, $"`{later}` is not known to this version; write the stages out");
        }

        var own = fields.Has("vars") ? filling.Copy() : filling;
        this.AddVars(own, fields, this.folder);
        var working = Path.GetFullPath(own.Fill(fields.Text("wdir") ?? ".", $"{this.shown}: stage `{name}`"), this.folder);
        var (commands, isList) = this.Commands(fields, own);
        var relative = Path.GetRelativePath(this.root, this.folder).Replace(Path.DirectorySeparatorChar, '/');
        var stage = new Stage(name, this.folder, Path.TrimEndingDirectorySeparator(working), commands, isList)
        {
            Address = relative == "." ? name : $"{relative}/{Name}:{name}",
            Dependencies = [.. fields.Items("deps").Select(item => own.Fill(this.Scalar(fields, item), this.At(item))).Select(path => (path, FullPath(path, working)))],
            Parameters = this.ParameterSets(fields, working, own),
            Outputs =
            [
                .. this.Outputs(fields, "outs", OutputKind.Data, working, own), .. this.Outputs(fields, "metrics", OutputKind.Metrics, working, own),
                .. this.Outputs(fields, "plots", OutputKind.Plot, working, own),
            ],
            Frozen = fields.Flag("frozen", false),
            AlwaysChanged = fields.Flag("always_changed", false),
        };
        this.CheckOutputs(fields, stage);
        return stage;
    }

    private static string FullPath(string path, string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    private void CheckOutputs(YamlFields fields, Stage stage)
    {
        foreach (var output in stage.Outputs)
        {
            if (!output.FullPath.StartsWith(this.root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw fields.Error(fields.Node, $"output `{output.Path}` lies outside of the project; outputs stay inside it");
            if (stage.Dependencies.Any(d => d.FullPath == output.FullPath))
                throw fields.Error(fields.Node, $"`{output.Path}` is both a dependency and an output");
        }

        if (stage.Outputs.GroupBy(o => o.FullPath, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw fields.Error(fields.Node, $"output `{twice.First().Path}` stands twice");
    }

    private (IReadOnlyList<string> Commands, bool IsList) Commands(YamlFields fields, Interpolation filling)
    {
        switch (fields["cmd"])
        {
            case YamlScalarNode { Value: { Length: > 0 } text } scalar:
                return ([filling.Fill(text, $"{this.At(scalar)}: {fields.Where}")], false);
            case YamlSequenceNode { Children.Count: > 0 } list:
                return ([.. list.Children.Select(item => filling.Fill(this.Scalar(fields, item), $"{this.At(item)}: {fields.Where}"))], true);
            case null:
                throw fields.Error(fields.Node, "`cmd` is missing: the command that the stage runs");
            case var other:
                throw fields.Error(other, "`cmd` must be a command or a list of commands");
        }
    }

    private IReadOnlyList<ParameterSet> ParameterSets(YamlFields fields, string working, Interpolation filling)
    {
        var sets = new OrderedDictionary<string, List<string>?>(StringComparer.Ordinal);
        foreach (var item in fields.Items("params"))
        {
            if (item is not YamlMappingNode mapping)
            {
                AddKey(sets, DefaultParameters, filling.Fill(this.Scalar(fields, item), this.At(item)));
                continue;
            }

            foreach (var (key, value) in mapping.Children)
            {
                var file = filling.Fill(this.Scalar(fields, key), this.At(key));
                if (value is YamlSequenceNode keys)
                    keys.Children.ToList().ForEach(k => AddKey(sets, file, filling.Fill(this.Scalar(fields, k), this.At(k))));
                else if (value is YamlScalarNode { Value: null or "" })
                    sets[file] = null;
                else
                    throw fields.Error(value, $"`params` of {file} must be a list of keys, or nothing for the whole file");
            }
        }

        return
        [
            .. sets.OrderBy(s => s.Key == DefaultParameters ? 0 : 1).ThenBy(s => s.Key, PythonText.Order)
                .Select(s => new ParameterSet(s.Key, FullPath(s.Key, working), s.Value ?? [])),
        ];
    }

    private static void AddKey(OrderedDictionary<string, List<string>?> sets, string file, string key)
    {
        if (!sets.TryGetValue(file, out var keys))
            sets[file] = keys = [];
        if (keys is not null && !keys.Contains(key, StringComparer.Ordinal))
            keys.Add(key);
    }

    private IEnumerable<Output> Outputs(YamlFields fields, string key, OutputKind kind, string working, Interpolation filling)
    {
        foreach (var item in fields.Items(key))
        {
            if (item is YamlScalarNode)
            {
                var path = filling.Fill(this.Scalar(fields, item), this.At(item));
                yield return new Output(path, FullPath(path, working), kind);
                continue;
            }

            if (item is not YamlMappingNode { Children.Count: 1 } mapping)
                throw fields.Error(item, $"an entry of `{key}` is a path, or one path with its flags");
            var (name, flags) = mapping.Children.First();
            var file = filling.Fill(this.Scalar(fields, name), this.At(name));
            var plain = new Output(file, FullPath(file, working), kind);
            yield return flags is YamlScalarNode { Value: null or "" } ? plain : this.WithFlags(plain, flags, fields);
        }
    }

    private Output WithFlags(Output output, YamlNode flags, YamlFields stage)
    {
        string[] known = output.Kind == OutputKind.Plot ? [.. OutputKeys, .. PlotKeys] : OutputKeys;
        var fields = new YamlFields(flags, this.shown, $"{stage.Where}, `{output.Path}`", known);
        if (fields.Flag("checkpoint", false))
            throw fields.Error(flags, "`checkpoint` was removed from DVC in version 3");
        return output with
        {
            Cache = fields.Flag("cache", true),
            Persist = fields.Flag("persist", false),
            Push = fields.Flag("push", true),
            Remote = fields.Text("remote"),
            Plot = output.Kind == OutputKind.Plot
                ? PlotKeys.Where(k => fields[k] is YamlScalarNode).ToDictionary(k => k, k => fields.Text(k)!, StringComparer.Ordinal)
                : output.Plot,
        };
    }

    private string Scalar(YamlFields fields, YamlNode node) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw fields.Error(node, "expected a path or name");

    private string At(YamlNode node) => $"{this.shown}:{node.Start.Line}";
}
