using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using PipelineValues = Ci.Pipelines.Parameters.ParameterFile;
using Ci.Statistics;

namespace Ci.Cli.Verbs;

internal static class PlotsVerb
{
    public static Command Create(CliContext context) => new("plots", "Show the series that stages write as plots.") { Show(context) };

    private static Command Show(CliContext context) =>
        new Command("show", "Show each plot's file, axes and extent; with --json its points.").Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var plots = pipeline.Stages.SelectMany(s => s.Outputs).Where(o => o.Kind == OutputKind.Plot && File.Exists(o.FullPath)).ToList();
            var read = plots.Select(plot => (Plot: plot, Path: pipeline.Project.Shown(plot.FullPath), Rows: Rows(plot))).ToList();
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["data"] = new JsonObject(read.Select(p => KeyValuePair.Create(p.Path, (JsonNode?)Json(p.Plot, p.Rows)))) });
            else
                ValueTable.Write(context, ["Path", "x", "y", "Points", "First y", "Last y"], [.. read.Select(p => Line(p.Plot, p.Path, p.Rows))], markdown: false);
            return ExitCode.Ok;
        });

    private static List<OrderedDictionary<string, object?>> Rows(Output plot)
    {
        if (Path.GetExtension(plot.Path) is ".csv" or ".tsv")
        {
            if (Path.GetExtension(plot.Path) == ".tsv")
                throw new CliException($"{plot.Path}: plots are read from .csv and .json files");
            using var reader = File.OpenText(plot.FullPath);
            var table = Table.ReadCsv(reader, plot.Path);
            var columns = table.Columns.Select(c => (Name: c, Cells: table.Texts(c))).ToList();
            return [.. Enumerable.Range(0, table.Rows).Select(i => Row(columns.Select(c => (c.Name, (object?)c.Cells[i]))))];
        }

        // A list of points, or one key with a list of points.
        var value = PipelineValues.Read(plot.FullPath, plot.Path);
        var list = value as IReadOnlyList<object?> ?? (value as OrderedDictionary<string, object?>)?.Values.OfType<IReadOnlyList<object?>>().FirstOrDefault();
        return list?.OfType<OrderedDictionary<string, object?>>().ToList() ?? throw new CliException($"{plot.Path}: expected a list of points to plot");
    }

    private static OrderedDictionary<string, object?> Row(IEnumerable<(string Name, object? Value)> cells)
    {
        var row = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in cells)
            row[name] = value;
        return row;
    }

    private static string Y(Output plot, List<OrderedDictionary<string, object?>> rows) =>
        plot.Plot.GetValueOrDefault("y") ?? rows.FirstOrDefault()?.Keys.LastOrDefault() ?? "";

    private static string[] Line(Output plot, string path, List<OrderedDictionary<string, object?>> rows)
    {
        var y = Y(plot, rows);
        return [path, plot.Plot.GetValueOrDefault("x") ?? "step", y, $"{rows.Count}", ValueTable.Cell(rows.FirstOrDefault()?.GetValueOrDefault(y)), ValueTable.Cell(rows.LastOrDefault()?.GetValueOrDefault(y))];
    }

    private static JsonObject Json(Output plot, List<OrderedDictionary<string, object?>> rows) => new()
    {
        ["x"] = plot.Plot.GetValueOrDefault("x") ?? "step",
        ["y"] = Y(plot, rows),
        ["title"] = plot.Plot.GetValueOrDefault("title"),
        ["values"] = new JsonArray([.. rows.Select(r => ValueTable.Json(r))]),
    };
}
