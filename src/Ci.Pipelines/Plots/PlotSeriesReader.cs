using Ci.Data;

namespace Ci.Pipelines.Plots;

/// <summary>The points of one plot in one revision, by DVC's rules: which lists in a file are points, which columns are meant.</summary>
internal sealed class PlotSeriesReader
{
    private const string Step = "step";
    private const string SharedX = "dvc_inferred_x_value";
    private const string SharedY = "dvc_inferred_y_value";

    private readonly List<(string File, string Field)> lines = [];
    private readonly string x;
    private readonly string y;
    private readonly string? firstX;

    public PlotSeriesReader(string id, string revision, PlotDefinition definition, Dictionary<string, object?> files)
    {
        var points = files.ToDictionary(f => f.Key, f => PointsOf(f.Value), StringComparer.Ordinal);
        var sources = definition.Sources.Where(s => points.TryGetValue(s.File, out var some) && some.Count > 0).Select(s => (s.File, s.X, Y: s.Y ?? LastColumn(files[s.File]))).Where(s => s.Y is not null).ToList();
        foreach (var (file, column, field) in sources)
        {
            Check(points[file], field!, file);
            if (column is not null)
                Check(points[file], column, file);
            this.lines.Add((file, field!));
        }

        var columns = sources.Select(s => s.X).OfType<string>().Distinct().ToList();
        this.firstX = columns.FirstOrDefault();
        this.x = columns.Count switch { 0 => Step, 1 => columns[0], _ => SharedX };
        this.y = this.lines.Select(l => l.Field).Distinct().Count() > 1 ? SharedY : this.lines.FirstOrDefault().Field ?? "";
        var prefix = this.CommonFolder();
        foreach (var (file, column, field) in sources)
        {
            for (var i = 0; i < points[file].Count; i++)
                this.Points.Add(this.Point(points[file][i], i, column, field!, revision, file[prefix..].Trim('/')));
        }

        this.Id = id;
        this.Revision = revision;
    }

    public string Id { get; }

    public string Revision { get; }

    public List<OrderedDictionary<string, object?>> Points { get; } = [];

    /// <summary>Puts revisions together; this one's axes hold.</summary>
    public PlotData Join(IReadOnlyList<PlotSeriesReader> all, IReadOnlyDictionary<string, string> looks)
    {
        var prefix = this.CommonFolder();
        var files = this.lines.Select(l => l.File[prefix..].Trim('/')).Distinct().ToList();
        var fields = this.lines.Select(l => l.Field).Distinct().ToList();
        var key = (files.Count > 1, fields.Count > 1) switch { (true, true) => $"filename{PlotData.Separator}field", (true, false) => "filename", (false, true) => "field", _ => null };
        var points = all.SelectMany(r => r.Points).ToList();
        foreach (var point in points)
            Narrow(point, key);
        return new PlotData(this.Id, points, this.x, this.y)
        {
            Revisions = [.. all.Select(r => r.Revision).Distinct()],
            Title = looks.GetValueOrDefault("title") ?? this.Id,
            XLabel = looks.GetValueOrDefault("x_label") ?? (this.x == SharedX ? "x" : this.firstX ?? Step),
            YLabel = looks.GetValueOrDefault("y_label") ?? (this.y == SharedY ? "y" : this.y),
            Template = looks.GetValueOrDefault("template"),
            LineKey = key,
            Lines = key is null ? [] : [.. points.Select(p => p.GetValueOrDefault(key) as string).OfType<string>().Distinct()],
        };
    }

    private OrderedDictionary<string, object?> Point(OrderedDictionary<string, object?> row, int index, string? column, string field, string revision, string file)
    {
        var point = new OrderedDictionary<string, object?>(row, StringComparer.Ordinal);
        if (this.y == SharedY && row.TryGetValue(field, out var value))
            point[SharedY] = value;
        if (column is null)
            point[this.x] = (long)index;
        else if (this.x == SharedX)
            point[SharedX] = row.GetValueOrDefault(column);
        point["rev"] = revision;
        point["filename"] = file;
        point["field"] = field;
        return point;
    }

    // What all lines have in common tells none apart.
    private static void Narrow(OrderedDictionary<string, object?> point, string? key)
    {
        var (file, field) = (point["filename"] as string, point["field"] as string);
        if (key != "filename")
            point.Remove("filename");
        if (key != "field")
            point.Remove("field");
        if (key?.Contains(PlotData.Separator, StringComparison.Ordinal) == true)
            point[key] = $"{file}{PlotData.Separator}{field}";
    }

    // The folder that all files lie in; nothing when there is one file alone.
    private int CommonFolder()
    {
        var files = this.lines.Select(l => l.File).Distinct().ToList();
        if (files.Count < 2)
            return 0;
        var parts = files.Select(f => f.Split('/')).ToList();
        var same = 0;
        while (parts.TrueForAll(p => p.Length > same + 1 && p[same] == parts[0][same]))
            same++;
        return string.Join('/', parts[0].Take(same)).Length;
    }

    private static void Check(List<OrderedDictionary<string, object?>> points, string field, string file)
    {
        if (!points[0].ContainsKey(field))
            throw new PipelineException($"`{file}` has no column `{field}` to plot{NearNames.Hint(field, points[0].Keys)}; it has {string.Join(", ", points[0].Keys.Take(20))}");
    }

    private static string? LastColumn(object? content) =>
        Lists(content).FirstOrDefault(l => l.Count > 0 && l.All(i => i is OrderedDictionary<string, object?>))?[0] is OrderedDictionary<string, object?> first ? first.Keys.LastOrDefault() : null;

    private static List<OrderedDictionary<string, object?>> PointsOf(object? content)
    {
        var found = new List<OrderedDictionary<string, object?>>();
        foreach (var list in Lists(content).Where(AreEqual))
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (found.Count <= i)
                    found.Add(new(StringComparer.Ordinal));
                foreach (var (key, value) in (OrderedDictionary<string, object?>)list[i]!)
                    found[i][key] = value;
            }
        }

        return found;
    }

    // A list of points: all with the same keys.
    private static bool AreEqual(IReadOnlyList<object?> list)
    {
        if (list.Count == 0 || list[0] is not OrderedDictionary<string, object?> first)
            return false;
        return list.All(i => i is OrderedDictionary<string, object?> point && point.Keys.All(first.ContainsKey));
    }

    private static IEnumerable<IReadOnlyList<object?>> Lists(object? content) => content switch
    {
        IReadOnlyList<object?> list => [list],
        OrderedDictionary<string, object?> map => map.Values.SelectMany(v => v is IReadOnlyList<object?> or OrderedDictionary<string, object?> ? Lists(v) : []),
        _ => [],
    };
}
