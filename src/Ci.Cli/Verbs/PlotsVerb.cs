using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Parameters;
using Ci.Statistics;

namespace Ci.Cli.Verbs;

internal static class PlotsVerb
{
    public static Command Create(CliContext context) => new("plots", "Show the series that stages write as plots.") { Show(context) };

    private static Command Show(CliContext context) =>
        new Command("show", "Show each plot's file, axes and extent; with --json its points.").Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var lines = pipeline.Plots.SelectMany(plot => plot.Series.SelectMany(Files).Select(series => (Plot: plot, Series: series, Path: pipeline.Project.Shown(series.FullPath))))
                .Select(l => (l.Plot, l.Series, l.Path, Rows: Rows(l.Series, l.Path))).ToList();
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["data"] = Json(lines) });
            else
                ValueTable.Write(context, ["Plot", "Path", "x", "y", "Points", "First y", "Last y"], [.. lines.Select(l => Line(l.Plot, l.Series, l.Path, l.Rows))], markdown: false);
            return ExitCode.Ok;
        });

    // A folder stands for every file of points in it; what is not there yet has nothing to show.
    private static IEnumerable<PlotSeries> Files(PlotSeries series) => Directory.Exists(series.FullPath)
        ? Directory.EnumerateFiles(series.FullPath, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".csv" or ".json" or ".yaml").Order(StringComparer.Ordinal).Select(f => series with { FullPath = f })
        : File.Exists(series.FullPath) ? [series] : [];

    private static List<OrderedDictionary<string, object?>> Rows(PlotSeries plot, string path)
    {
        if (Path.GetExtension(path) is ".csv" or ".tsv")
        {
            if (Path.GetExtension(path) == ".tsv")
                throw new CliException($"{path}: plots are read from .csv and .json files");
            using var reader = File.OpenText(plot.FullPath);
            var table = Table.ReadCsv(reader, path);
            var columns = table.Columns.Select(c => (Name: c, Cells: table.Texts(c))).ToList();
            return [.. Enumerable.Range(0, table.Rows).Select(i => Row(columns.Select(c => (c.Name, (object?)c.Cells[i]))))];
        }

        // A list of points, or one key with a list of points.
        var value = ParameterFile.Read(plot.FullPath, path);
        var list = value as IReadOnlyList<object?> ?? (value as OrderedDictionary<string, object?>)?.Values.OfType<IReadOnlyList<object?>>().FirstOrDefault();
        return list?.OfType<OrderedDictionary<string, object?>>().ToList() ?? throw new CliException($"{path}: expected a list of points to plot");
    }

    private static OrderedDictionary<string, object?> Row(IEnumerable<(string Name, object? Value)> cells)
    {
        var row = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in cells)
            row[name] = value;
        return row;
    }

    private static string Y(PlotSeries series, string path, List<OrderedDictionary<string, object?>> rows)
    {
        var y = series.Y ?? rows.FirstOrDefault()?.Keys.LastOrDefault() ?? "";
        foreach (var column in rows.Count == 0 ? [] : new[] { y, series.X }.OfType<string>().Where(c => !rows[0].ContainsKey(c)))
            throw new CliException($"{path}: has no column `{column}` to plot{NearNames.Hint(column, rows[0].Keys)}");
        return y;
    }

    private static string[] Line(Plot plot, PlotSeries series, string path, List<OrderedDictionary<string, object?>> rows)
    {
        var y = Y(series, path, rows);
        return [plot.Name, path, series.X ?? "step", y, $"{rows.Count}", ValueTable.Cell(rows.FirstOrDefault()?.GetValueOrDefault(y)), ValueTable.Cell(rows.LastOrDefault()?.GetValueOrDefault(y))];
    }

    private static JsonObject Json(IEnumerable<(Plot Plot, PlotSeries Series, string Path, List<OrderedDictionary<string, object?>> Rows)> lines)
    {
        var plots = new JsonObject();
        foreach (var (plot, series, path, rows) in lines)
        {
            if (plots[plot.Name] is not JsonObject entry)
            {
                plots[plot.Name] = entry = new JsonObject { ["series"] = new JsonArray() };
                foreach (var (key, value) in plot.Looks.Where(l => l.Key is not ("x" or "y")))
                    entry[key] = value;
            }

            ((JsonArray)entry["series"]!).Add((JsonNode)new JsonObject
            {
                ["path"] = path,
                ["x"] = series.X ?? "step",
                ["y"] = Y(series, path, rows),
                ["values"] = new JsonArray([.. rows.Select(r => ValueTable.Json(r))]),
            });
        }

        return plots;
    }
}
