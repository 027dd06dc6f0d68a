using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Plots;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>Plots as a page, as JSON, as one Vega-Lite specification.</summary>
internal static class PlotOutput
{
    private const int MostTemplate = 4 << 20;

    public static int Write(CliContext context, ProjectViews views, PlotOptions options, ParseResult parsed, IReadOnlyList<string> targets, IReadOnlyList<string> revisions)
    {
        if (options.ShowVega(parsed) && (targets.Count != 1 || parsed.IsJson()))
            throw new CliException(parsed.IsJson() ? "--show-vega and --json do not go together: choose one" : "--show-vega writes one plot: name it (`mlops plots show --show-vega PLOT`, `mlops plots diff --show-vega --targets PLOT`)", ExitCode.Error);
        var collector = new PlotCollector(targets, options.Settings(parsed));
        foreach (var revision in revisions)
        {
            using var view = views.Of(revision);
            collector.Add(view);
        }

        var plots = collector.Plots();
        if (targets.FirstOrDefault(t => !plots.Any(p => p.Id.StartsWith(t, StringComparison.Ordinal)) && !collector.Pictures.Exists(p => p.Id.StartsWith(t, StringComparison.Ordinal)) && !collector.Problems.Exists(p => p.Plot.StartsWith(t, StringComparison.Ordinal))) is { } nowhere)
            throw new CliException($"`{nowhere}` is no plot{NearNames.Hint(nowhere, plots.Select(p => p.Id))}; `plots` of dvc.yaml name them, and any file of points can be named");
        foreach (var (plot, revision, message) in parsed.IsJson() ? [] : collector.Problems)
            context.Note($"mlops: {plot} ({revision}): {message}");
        if (options.ShowVega(parsed))
            context.WriteJson(plots.Count == 0 ? new JsonObject() : VegaSpec.Of(plots[0], Template(views.Project, plots[0].Template)));
        else if (parsed.IsJson())
            context.WriteJson(Json(context, views, collector, plots, context.FullPath(options.Folder(parsed)), options.Folder(parsed)));
        else
            Page(context, plots, collector.Pictures, revisions, context.FullPath(options.Folder(parsed)));
        return ExitCode.Ok;
    }

    private static JsonObject Json(CliContext context, ProjectViews views, PlotCollector collector, IReadOnlyList<PlotData> plots, string folder, string shown)
    {
        var data = new JsonObject();
        foreach (var plot in plots)
            data[plot.Id] = new JsonArray(new JsonObject { ["type"] = "vega", ["revisions"] = DataVerbs.Array(plot.Revisions), ["content"] = VegaSpec.Of(plot, Template(views.Project, plot.Template)) });
        foreach (var picture in collector.Pictures)
        {
            var name = $"{picture.Revision}_{picture.Id}".Replace('/', '_').Replace('\\', '_');
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, name), picture.Bytes);
            ((JsonArray)(data[picture.Id] ??= new JsonArray())).Add((JsonNode)new JsonObject { ["type"] = "image", ["revisions"] = DataVerbs.Array([picture.Revision]), ["url"] = $"{shown.TrimEnd('/')}/{name}" });
        }

        var root = new JsonObject();
        if (data.Count == 0 && collector.Problems.Count == 0)
            return root;
        if (collector.Problems.Count > 0)
            root["errors"] = new JsonArray([.. collector.Problems.Select(p => (JsonNode)new JsonObject { ["name"] = p.Plot, ["rev"] = p.Revision, ["msg"] = p.Message })]);
        root["data"] = data;
        return root;
    }

    private static void Page(CliContext context, IReadOnlyList<PlotData> plots, IReadOnlyList<PlotImage> pictures, IReadOnlyList<string> revisions, string folder)
    {
        if (plots.Count + pictures.Count == 0)
        {
            context.Note("mlops: no plots were loaded, so there is no page: `plots` of dvc.yaml name the files with points");
            return;
        }

        var page = PlotsPage.Render([.. plots.Select(PlotCards.Of)], [.. pictures.Select(PlotCards.Of)], revisions);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "index.html");
        File.WriteAllText(file, page, new UTF8Encoding(false));
        context.Line(new Uri(file).AbsoluteUri);
    }

    /// <summary>A template of the project's own; null: the name is a built-in one's.</summary>
    private static JsonNode? Template(Project project, string? name)
    {
        if (name is null || VegaSpec.Templates.Contains(name, StringComparer.Ordinal))
            return null;
        var file = new[] { Path.Combine(project.Root, ".dvc", "plots", name), Path.Combine(project.Root, ".dvc", "plots", name + ".json"), Path.GetFullPath(name, project.Root) }.FirstOrDefault(File.Exists);
        if (file is null || !project.Contains(file))
            return null;
        if (new FileInfo(file).Length > MostTemplate)
            throw new PipelineException($"{project.Shown(file)}: larger than {MostTemplate >> 20} MiB; that is no template");
        try
        {
            return JsonNode.Parse(File.ReadAllText(file));
        }
        catch (JsonException error)
        {
            throw new PipelineException($"{project.Shown(file)}:{(error.LineNumber ?? 0) + 1}: not valid JSON: {error.Message}", error);
        }
    }
}
