using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Reads <c>outs</c>, <c>metrics</c> and <c>plots</c> of a stage: paths, and paths with their flags.</summary>
internal sealed class OutputReader(YamlFields stage, string working, Interpolation filling, List<string> warnings)
{
    private static readonly string[] OutputKeys = ["cache", "persist", "remote", "push", "desc", "type", "labels", "meta", "checkpoint"];
    private static readonly string[] PlotKeys = ["x", "y", "x_label", "y_label", "title", "header", "template"];

    public IEnumerable<Output> Read(string key, OutputKind kind)
    {
        var outputs = new OrderedDictionary<string, Output>(StringComparer.Ordinal);
        foreach (var (path, flags) in this.Entries(key))
        {
            var file = StageReader.Scalar(stage, path, filling);
            if (outputs.TryGetValue(file, out var before))
                warnings.Add($"{stage.File}:{path.Start.Line}: {stage.Where}: `{file}` stands twice below `{key}`; it is made once, with the flags of both");
            else
                before = new Output(file, StageReader.FullPath(file, working), kind);
            outputs[file] = flags is null or YamlScalarNode { Value: null or "" } ? before : this.WithFlags(before, flags);
        }

        return outputs.Values;
    }

    private IEnumerable<(YamlNode Path, YamlNode? Flags)> Entries(string key)
    {
        foreach (var item in stage.Items(key))
        {
            if (item is YamlScalarNode)
                yield return (item, null);
            else if (item is not YamlMappingNode { Children.Count: > 0 } mapping)
                throw stage.Error(item, $"an entry of `{key}` is a path, or a path with its flags");
            else
            {
                foreach (var (path, flags) in mapping.Children)
                    yield return (path, flags);
            }
        }
    }

    private Output WithFlags(Output output, YamlNode flags)
    {
        string[] known = output.Kind == OutputKind.Plot ? [.. OutputKeys, .. PlotKeys] : OutputKeys;
        var fields = new YamlFields(flags, stage.File, $"{stage.Where}, `{output.Path}`", known);
        if (fields.Flag("checkpoint", false))
            throw fields.Error(flags, "`checkpoint` was removed from DVC in version 3");
        return output with
        {
            Cache = StageReader.Flag(fields, "cache", output.Cache, filling),
            Persist = StageReader.Flag(fields, "persist", output.Persist, filling),
            Push = StageReader.Flag(fields, "push", output.Push, filling),
            Remote = fields.Text("remote") is { } remote ? filling.Fill(remote, fields.At(flags)) : output.Remote,
            Plot = output.Kind == OutputKind.Plot ? this.PlotOf(output, fields, flags) : output.Plot,
        };
    }

    private Dictionary<string, string> PlotOf(Output output, YamlFields fields, YamlNode flags)
    {
        var plot = new Dictionary<string, string>(output.Plot, StringComparer.Ordinal);
        foreach (var key in PlotKeys.Where(k => fields[k] is YamlScalarNode))
            plot[key] = filling.Fill(fields.Text(key)!, fields.At(flags));
        return plot;
    }
}
