using Ci.Data;
using Ci.Pipelines.Parameters;
using Ci.Pipelines.Revisions;

namespace Ci.Pipelines.Plots;

/// <summary>Gathers the plots of several views: what each defines, read from what each holds, put together by plot.</summary>
public sealed class PlotCollector(IReadOnlyList<string> targets, PlotSettings settings)
{
    private const int MostBytes = 256 << 20;

    private static readonly string[] Images = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp"];
    private static readonly string[] Data = [".csv", ".tsv", ".json", ".yaml", ".yml", ".toml"];

    private readonly OrderedDictionary<string, List<(string Revision, PlotDefinition Definition, Dictionary<string, object?> Files)>> plots = new(StringComparer.Ordinal);

    /// <summary>Pictures, in the order in which they were found.</summary>
    public List<PlotImage> Pictures { get; } = [];

    /// <summary>What could not be read or drawn: plot, revision, why.</summary>
    public List<(string Plot, string Revision, string Message)> Problems { get; } = [];

    /// <summary>Takes in one view.</summary>
    public void Add(ProjectView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        foreach (var definition in this.Definitions(view))
        {
            if (IsImage(definition.Id))
                this.AddImage(view, definition.Id);
            else
                this.AddData(view, definition);
        }
    }

    /// <summary>Every plot that has points, over the revisions that have them.</summary>
    public IReadOnlyList<PlotData> Plots() => [.. this.plots.Select(p => this.Joined(p.Key, p.Value)).OfType<PlotData>()];

    private static bool IsImage(string path) => Images.Contains(Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal);

    private IEnumerable<PlotDefinition> Definitions(ProjectView view)
    {
        var found = new List<PlotDefinition>();
        foreach (var plot in view.Pipeline.Plots)
        {
            var sources = plot.Series.Select(s => (File: view.Shown(s.FullPath), s.X, s.Y)).ToList();
            // A plot named by its file may be a folder: then each file in it is a plot of its own.
            var isPath = sources.TrueForAll(s => s.File == sources[0].File) && (view.Shown(Path.GetFullPath(plot.Name, view.Pipeline.Project.Root)) == sources[0].File || sources[0].File.EndsWith("/" + plot.Name, StringComparison.Ordinal));
            if (!isPath)
                found.Add(new PlotDefinition(plot.Name, sources, plot.Looks));
            else
                found.AddRange(view.Files(sources[0].File) is { Count: > 0 } files && (files.Count > 1 || files[0] != sources[0].File)
                    ? files.Where(f => IsImage(f) || Data.Contains(Path.GetExtension(f), StringComparer.Ordinal)).Select(f => new PlotDefinition(f, [.. sources.Select(s => (f, s.X, s.Y))], plot.Looks))
                    : [new PlotDefinition(sources[0].File, sources, plot.Looks)]);
        }

        var chosen = targets.Count == 0 ? found : [.. found.Where(d => targets.Any(t => d.Id == t || d.Id.StartsWith(t, StringComparison.Ordinal)))];
        // A file that no plot is of may be asked for all the same.
        foreach (var target in targets.Where(t => !chosen.Exists(d => d.Id.StartsWith(t, StringComparison.Ordinal))))
            chosen.AddRange(view.Files(target).Where(f => IsImage(f) || Data.Contains(Path.GetExtension(f), StringComparer.Ordinal)).Select(f => new PlotDefinition(f, [(f, null, null)], new Dictionary<string, string>())));
        return chosen.Select(this.Overlaid);
    }

    private PlotDefinition Overlaid(PlotDefinition definition)
    {
        var looks = new Dictionary<string, string>(definition.Looks, StringComparer.Ordinal);
        foreach (var (key, value) in new[] { ("template", settings.Template), ("title", settings.Title), ("x_label", settings.XLabel), ("y_label", settings.YLabel) })
        {
            if (value is not null)
                looks[key] = value;
        }

        var sources = definition.Sources.Select(s => s with { X = settings.X ?? s.X, Y = settings.Y ?? s.Y });
        return definition with { Looks = looks, Sources = [.. sources.Distinct()] };
    }

    private void AddImage(ProjectView view, string path)
    {
        if (this.TryRead(view, path, path) is { } bytes)
            this.Pictures.Add(new PlotImage(path, view.Name, bytes));
    }

    private void AddData(ProjectView view, PlotDefinition definition)
    {
        var files = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in definition.Sources.Select(s => s.File).Distinct())
        {
            if (this.TryRead(view, file, definition.Id) is not { } bytes)
                continue;
            try
            {
                files[file] = this.Parse(bytes, file, definition);
            }
            catch (Exception error) when (error is PipelineException or DataException)
            {
                this.Problems.Add((definition.Id, view.Name, error.Message));
            }
        }

        if (!this.plots.TryGetValue(definition.Id, out var list))
            this.plots[definition.Id] = list = [];
        list.Add((view.Name, definition, files));
    }

    private byte[]? TryRead(ProjectView view, string file, string plot)
    {
        try
        {
            if (view.Read(file, MostBytes) is { } bytes)
                return bytes;
            this.Problems.Add((plot, view.Name, $"`{file}` does not exist"));
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            this.Problems.Add((plot, view.Name, error.Message));
        }

        return null;
    }

    private object? Parse(byte[] bytes, string file, PlotDefinition definition)
    {
        var extension = Path.GetExtension(file).ToLowerInvariant();
        if (!Data.Contains(extension, StringComparer.Ordinal))
            throw new PipelineException($"`{file}`: plots are read from {string.Join(", ", Data)} and shown from {string.Join(", ", Images)} files");
        if (extension is not (".csv" or ".tsv"))
            return ParameterFile.Parse(bytes, file);
        var header = settings.Header ?? definition.Looks.GetValueOrDefault("header") is not ("false" or "False" or "FALSE");
        return DelimitedText.Read(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), extension == ".tsv" ? '\t' : ',', header, file);
    }

    private PlotData? Joined(string id, List<(string Revision, PlotDefinition Definition, Dictionary<string, object?> Files)> views)
    {
        // The newest revision says how the plot looks; what it does not say, older ones may.
        var looks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in views.SelectMany(v => v.Definition.Looks))
            looks.TryAdd(key, value);
        var series = new List<PlotSeriesReader>();
        foreach (var (revision, _, files) in views)
        {
            try
            {
                // All revisions are drawn by the newest one's definition of axes, as in one picture they must be.
                var reader = new PlotSeriesReader(id, revision, views[0].Definition, files);
                if (reader.Points.Count > 0)
                    series.Add(reader);
            }
            catch (PipelineException error)
            {
                this.Problems.Add((id, revision, error.Message));
            }
        }

        return series.Count == 0 ? null : series[0].Join(series, looks);
    }
}
