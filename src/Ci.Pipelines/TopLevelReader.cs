using System.Text.RegularExpressions;
using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Reads <c>metrics</c>, <c>params</c>, <c>plots</c> and <c>artifacts</c> at the top level of a <c>dvc.yaml</c>.</summary>
internal sealed partial class TopLevelReader(YamlFields top, string folder, string root, Interpolation filling)
{
    private static readonly string[] Looks = ["title", "template", "x_label", "y_label", "header"];

    public TopLevel Read()
    {
        if (top["datasets"] is { } datasets)
            throw top.Error(datasets, "`datasets` is not known to this version; track the data with `mlops add` and remove the key");
        return new TopLevel
        {
            Metrics = [.. this.Paths("metrics").Select(path => new Output(path, this.Full(path), OutputKind.Metrics) { Cache = false })],
            Parameters = [.. this.Paths("params").Select(path => new ParameterSet(path, this.Full(path), []))],
            Plots = [.. this.Plots()],
            Artifacts = [.. this.Artifacts()],
        };
    }

    private IEnumerable<string> Paths(string key) => top.Items(key).Select(this.Scalar);

    private IEnumerable<Plot> Plots()
    {
        switch (top["plots"])
        {
            case null:
                yield break;
            case YamlMappingNode named:
                foreach (var (key, value) in named.Children)
                    yield return this.PlotOf(this.Scalar(key), value);
                break;
            case YamlSequenceNode list:
                foreach (var item in list.Children)
                {
                    if (item is YamlMappingNode entries)
                    {
                        foreach (var (key, value) in entries.Children)
                            yield return this.PlotOf(this.Scalar(key), value);
                    }
                    else
                        yield return this.PlotOf(this.Scalar(item), null);
                }

                break;
            case var other:
                throw top.Error(other, "`plots` must be a list or have one key per plot");
        }
    }

    private Plot PlotOf(string name, YamlNode? settings)
    {
        if (settings is null or YamlScalarNode { Value: null or "" or "null" or "~" })
            return new Plot(name, [new PlotSeries(this.Full(name), null, null)]);
        var fields = new YamlFields(settings, top.File, $"plot `{name}`", ["x", "y", .. Looks]);
        var looks = Looks.Where(fields.Has).ToDictionary(key => key, key => filling.Fill(fields.Text(key) ?? "", this.At(fields.Node)), StringComparer.Ordinal);
        var xs = fields["x"] is YamlMappingNode byFile ? byFile.Children.ToDictionary(p => this.Full(this.Scalar(p.Key)), p => this.Scalar(p.Value), StringComparer.Ordinal) : null;
        string? X(string file) => xs is null ? fields.Text("x") is { } x ? filling.Fill(x, this.At(fields.Node)) : null
            : xs.Count == 1 ? xs.Values.First() : xs.GetValueOrDefault(file) ?? throw fields.Error(fields["x"]!, $"`x` names no column for {file}");
        var series = fields["y"] switch
        {
            YamlMappingNode files => files.Children.SelectMany(p => this.Columns(fields, p.Value).Select(y => (File: this.Full(this.Scalar(p.Key)), Y: (string?)y))),
            null => [(File: this.Full(name), Y: null)],
            var node => this.Columns(fields, node).Select(y => (File: this.Full(name), Y: (string?)y)),
        };
        return new Plot(name, [.. series.Select(s => new PlotSeries(s.File, X(s.File), s.Y))]) { Looks = looks };
    }

    private IEnumerable<string> Columns(YamlFields fields, YamlNode node) => node switch
    {
        YamlScalarNode => [this.Scalar(node)],
        YamlSequenceNode list => list.Children.Select(this.Scalar),
        _ => throw fields.Error(node, "`y` must name a column, a list of columns, or columns by file"),
    };

    private IEnumerable<Artifact> Artifacts()
    {
        if (top["artifacts"] is not { } all)
            yield break;
        if (all is not YamlMappingNode mapping)
            throw top.Error(all, "`artifacts` must have one key per artifact");
        foreach (var (key, value) in mapping.Children)
        {
            var name = this.Scalar(key);
            if (!ArtifactName().IsMatch(name))
                throw top.Error(key, $"`{name}` is no name for an artifact; use lower-case letters, digits, `-` and `/`, beginning and ending with a letter or digit");
            var fields = new YamlFields(value, top.File, $"artifact `{name}`", "path", "type", "desc", "labels", "meta");
            var path = this.Full(filling.Fill(fields.Text("path") ?? throw fields.Error(value, "`path` is missing"), this.At(value)));
            if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw fields.Error(fields["path"]!, $"`{fields.Text("path")}` lies outside of the project");
            yield return new Artifact(name, path) { Type = fields.Text("type"), Description = fields.Text("desc"), Labels = [.. fields.Items("labels").Select(this.Scalar)] };
        }
    }

    private string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    private string Scalar(YamlNode node) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? filling.Fill(text, this.At(node)) : throw top.Error(node, "expected a path or name");

    private string At(YamlNode node) => $"{top.File}:{node.Start.Line}";

    [GeneratedRegex("^[a-z0-9]([a-z0-9-/]*[a-z0-9])?$")]
    private static partial Regex ArtifactName();
}
