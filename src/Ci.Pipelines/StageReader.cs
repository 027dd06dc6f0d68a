using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Reads one stage of a <c>dvc.yaml</c>, filling in what it refers to.</summary>
internal sealed class StageReader(string root, string folder, string shown, List<string> warnings)
{
    private static readonly string[] StageKeys = ["cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "frozen", "always_changed", "desc", "meta", "vars", "matrix"];

    public Stage Read(string name, YamlNode node, Interpolation filling)
    {
        var fields = new YamlFields(node, shown, $"stage `{name}`", StageKeys);
        var working = FullPath(filling.Fill(fields.Text("wdir") ?? ".", fields.At(node)), folder);
        var own = fields.Has("vars") ? filling.With() : filling;
        Variables.Add(own, fields, working);
        var (commands, isList) = Commands(fields, own);
        var relative = Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/');
        var outputs = new OutputReader(fields, working, own, warnings);
        var stage = new Stage(name, folder, working, commands, isList)
        {
            Address = relative == "." ? name : $"{relative}/{PipelineFile.Name}:{name}",
            Dependencies = [.. fields.Items("deps").Select(item => Dependency(fields, item, working, own)).DistinctBy(d => d.Path)],
            Parameters = ParameterSets(fields, working, own),
            Outputs = [.. outputs.Read("outs", OutputKind.Data), .. outputs.Read("metrics", OutputKind.Metrics), .. outputs.Read("plots", OutputKind.Plot)],
            Frozen = Flag(fields, "frozen", false, own),
            AlwaysChanged = Flag(fields, "always_changed", false, own),
            Needs = Scheduling.StageNeedsReader.Read(fields, own),
            Description = fields.Text("desc"),
            Meta = fields["meta"] is { } meta ? own.Resolve(YamlReader.ValueOf(meta, shown), fields.At(meta)) : null,
        };
        this.CheckOutputs(fields, stage);
        return stage;
    }

    public static string FullPath(string path, string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    /// <summary>A flag, which may be filled in and then stands as a text in the file.</summary>
    public static bool Flag(YamlFields fields, string key, bool otherwise, Interpolation filling) =>
        fields[key] is YamlScalarNode { Value: { } text } node && text.Contains("${", StringComparison.Ordinal)
            ? filling.Resolve(text, fields.At(node)) as bool? ?? throw fields.Error(node, $"`{key}` must be true or false, and {text} is not")
            : fields.Flag(key, otherwise);

    /// <summary>A path or name with everything filled in.</summary>
    public static string Scalar(YamlFields fields, YamlNode node, Interpolation filling) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? filling.Fill(text, fields.At(node)) : throw fields.Error(node, "expected a path or name");

    private static StageDependency Dependency(YamlFields fields, YamlNode node, string working, Interpolation filling)
    {
        var path = Scalar(fields, node, filling);
        if (path.Contains("://", StringComparison.Ordinal))
            throw fields.Error(node, $"dependency `{path}` is an address, which this version does not look at; make it a file of the project, such as by a stage that fetches it");
        if (path.EndsWith(".dvc", StringComparison.Ordinal) || Path.GetFileName(path) == PipelineFile.Name)
            throw fields.Error(node, $"`{path}` cannot be a dependency: it describes data; name the data itself");
        return new StageDependency(path, FullPath(path, working));
    }

    private void CheckOutputs(YamlFields fields, Stage stage)
    {
        foreach (var output in stage.Outputs)
        {
            if (output.Path.Contains("://", StringComparison.Ordinal))
                throw fields.Error(fields.Node, $"output `{output.Path}` is an address; outputs are files and folders");
            // What is not cached is not touched but to look at it.
            if (output.Cache && !output.FullPath.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw fields.Error(fields.Node, $"output `{output.Path}` lies outside of the project; outputs stay inside it, or have `cache: false`");
            if (output.Path.EndsWith(".dvc", StringComparison.Ordinal) || Path.GetFileName(output.FullPath) == PipelineFile.Name)
                throw fields.Error(fields.Node, $"`{output.Path}` cannot be an output: such files describe data");
            if (stage.Dependencies.Any(d => d.FullPath == output.FullPath))
                throw fields.Error(fields.Node, $"`{output.Path}` is both a dependency and an output");
        }

        if (stage.Outputs.GroupBy(o => o.FullPath, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw fields.Error(fields.Node, $"output `{twice.First().Path}` stands twice");
    }

    private static (IReadOnlyList<string> Commands, bool IsList) Commands(YamlFields fields, Interpolation filling)
    {
        switch (fields["cmd"])
        {
            case YamlScalarNode { Value: { Length: > 0 } text } scalar:
                return ([filling.FillCommand(text, fields.At(scalar))], false);
            case YamlSequenceNode { Children.Count: > 0 } list:
                return ([.. list.Children.Select(item => item is YamlScalarNode { Value: { Length: > 0 } text }
                    ? filling.FillCommand(text, fields.At(item)) : throw fields.Error(item, "each entry of `cmd` must be a command"))], true);
            case null:
                throw fields.Error(fields.Node, "`cmd` is missing: the command that the stage runs");
            case var other:
                throw fields.Error(other, "`cmd` must be a command or a list of commands");
        }
    }

    // By file in the order in which they are named; a file that is named whole once is whole.
    private static IReadOnlyList<ParameterSet> ParameterSets(YamlFields fields, string working, Interpolation filling)
    {
        var sets = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        var whole = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in fields.Items("params"))
        {
            if (item is not YamlMappingNode mapping)
            {
                KeysOf(sets, PipelineFile.DefaultParameters).Add(Scalar(fields, item, filling));
                continue;
            }

            foreach (var (key, value) in mapping.Children)
            {
                var file = Scalar(fields, key, filling);
                var keys = KeysOf(sets, file);
                if (value is YamlSequenceNode { Children.Count: > 0 } list)
                    keys.AddRange(list.Children.Select(k => Scalar(fields, k, filling)));
                else if (value is YamlSequenceNode or YamlScalarNode { Value: null or "" or "null" or "~" })
                    whole.Add(file);
                else
                    throw fields.Error(value, $"`params` of {file} must be a list of keys, or nothing for the whole file");
            }
        }

        return [.. sets.Select(s => new ParameterSet(s.Key, FullPath(s.Key, working), whole.Contains(s.Key) ? [] : [.. s.Value.Distinct(StringComparer.Ordinal)]))];
    }

    private static List<string> KeysOf(OrderedDictionary<string, List<string>> sets, string file)
    {
        if (!sets.TryGetValue(file, out var keys))
            sets[file] = keys = [];
        return keys;
    }
}
