using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Reads one stage of a <c>dvc.yaml</c>, filling in what it refers to.</summary>
internal sealed class StageReader(string root, string folder, string shown)
{
    private static readonly string[] StageKeys = ["cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "frozen", "always_changed", "desc", "meta", "vars", "matrix"];
    private static readonly string[] OutputKeys = ["cache", "persist", "remote", "push", "desc", "type", "labels", "meta", "checkpoint"];
    private static readonly string[] PlotKeys = ["x", "y", "x_label", "y_label", "title", "header", "template"];

    public Stage Read(string name, YamlNode node, Interpolation filling)
    {
        var fields = new YamlFields(node, shown, $"stage `{name}`", StageKeys);
        var working = FullPath(filling.Fill(fields.Text("wdir") ?? ".", $"{shown}:{node.Start.Line}: stage `{name}`"), folder);
        var own = fields.Has("vars") ? filling.With() : filling;
        Variables.Add(own, fields, working);
        var (commands, isList) = this.Commands(fields, own);
        var relative = Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/');
        var stage = new Stage(name, folder, working, commands, isList)
        {
            Address = relative == "." ? name : $"{relative}/{PipelineFile.Name}:{name}",
            Dependencies = [.. fields.Items("deps").Select(item => this.Scalar(fields, item, own)).Select(path => (path, FullPath(path, working)))],
            Parameters = this.ParameterSets(fields, working, own),
            Outputs =
            [
                .. this.Outputs(fields, "outs", OutputKind.Data, working, own), .. this.Outputs(fields, "metrics", OutputKind.Metrics, working, own),
                .. this.Outputs(fields, "plots", OutputKind.Plot, working, own),
            ],
            Frozen = Flag(fields, "frozen", false, own),
            AlwaysChanged = Flag(fields, "always_changed", false, own),
            Needs = Scheduling.StageNeedsReader.Read(fields, own),
        };
        this.CheckOutputs(fields, stage);
        return stage;
    }

    private static string FullPath(string path, string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    // A flag may be filled in, and then stands as a text in the file.
    private static bool Flag(YamlFields fields, string key, bool otherwise, Interpolation filling) =>
        fields[key] is YamlScalarNode { Value: { } text } node && text.Contains("${", StringComparison.Ordinal)
            ? filling.Resolve(text, $"{fields.File}:{node.Start.Line}") as bool? ?? throw fields.Error(node, $"`{key}` must be true or false, and {text} is not")
            : fields.Flag(key, otherwise);

    private void CheckOutputs(YamlFields fields, Stage stage)
    {
        foreach (var output in stage.Outputs)
        {
            if (!output.FullPath.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
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
                return ([filling.FillCommand(text, $"{this.At(scalar)}: {fields.Where}")], false);
            case YamlSequenceNode { Children.Count: > 0 } list:
                return ([.. list.Children.Select(item => item is YamlScalarNode { Value: { Length: > 0 } text }
                    ? filling.FillCommand(text, $"{this.At(item)}: {fields.Where}") : throw fields.Error(item, "each entry of `cmd` must be a command"))], true);
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
                AddKey(sets, PipelineFile.DefaultParameters, this.Scalar(fields, item, filling));
                continue;
            }

            foreach (var (key, value) in mapping.Children)
            {
                var file = this.Scalar(fields, key, filling);
                if (value is YamlSequenceNode keys)
                    keys.Children.ToList().ForEach(k => AddKey(sets, file, this.Scalar(fields, k, filling)));
                else if (value is YamlScalarNode { Value: null or "" })
                    sets[file] = null;
                else
                    throw fields.Error(value, $"`params` of {file} must be a list of keys, or nothing for the whole file");
            }
        }

        return
        [
            .. sets.OrderBy(s => s.Key == PipelineFile.DefaultParameters ? 0 : 1).ThenBy(s => s.Key, PythonText.Order)
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
                var path = this.Scalar(fields, item, filling);
                yield return new Output(path, FullPath(path, working), kind);
                continue;
            }

            if (item is not YamlMappingNode { Children.Count: 1 } mapping)
                throw fields.Error(item, $"an entry of `{key}` is a path, or one path with its flags");
            var (name, flags) = mapping.Children.First();
            var file = this.Scalar(fields, name, filling);
            var plain = new Output(file, FullPath(file, working), kind);
            yield return flags is YamlScalarNode { Value: null or "" } ? plain : this.WithFlags(plain, flags, fields, filling);
        }
    }

    private Output WithFlags(Output output, YamlNode flags, YamlFields stage, Interpolation filling)
    {
        string[] known = output.Kind == OutputKind.Plot ? [.. OutputKeys, .. PlotKeys] : OutputKeys;
        var fields = new YamlFields(flags, shown, $"{stage.Where}, `{output.Path}`", known);
        if (fields.Flag("checkpoint", false))
            throw fields.Error(flags, "`checkpoint` was removed from DVC in version 3");
        return output with
        {
            Cache = Flag(fields, "cache", true, filling),
            Persist = Flag(fields, "persist", false, filling),
            Push = Flag(fields, "push", true, filling),
            Remote = fields.Text("remote") is { } remote ? filling.Fill(remote, this.At(flags)) : null,
            Plot = output.Kind == OutputKind.Plot
                ? PlotKeys.Where(k => fields[k] is YamlScalarNode).ToDictionary(k => k, k => filling.Fill(fields.Text(k)!, this.At(flags)), StringComparer.Ordinal)
                : output.Plot,
        };
    }

    private string Scalar(YamlFields fields, YamlNode node, Interpolation filling) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? filling.Fill(text, $"{this.At(node)}: {fields.Where}") : throw fields.Error(node, "expected a path or name");

    private string At(YamlNode node) => $"{shown}:{node.Start.Line}";
}
