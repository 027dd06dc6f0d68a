using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Pipelines.Plots;

/// <summary>A plot as a Vega-Lite specification, for notebooks, editors and whatever else draws those.</summary>
public static class VegaSpec
{
    private const string Schema = "https://vega.github.io/schema/vega-lite/v5.json";

    private static readonly string[] Colors = ["#945dd6", "#13adc7", "#f46737", "#48bb78", "#4299e1", "#ed8936", "#f56565", "#9f7aea"];

    /// <summary>The names of the built-in templates, in DVC's order.</summary>
    public static IReadOnlyList<string> Templates { get; } =
        ["simple", "linear", "confusion", "confusion_normalized", "scatter", "scatter_jitter", "smooth", "bar_horizontal_sorted", "bar_horizontal"];

    /// <summary>The specification with the points in it.</summary>
    /// <param name="plot">The points.</param>
    /// <param name="template">The text of a template of the project's own; null: a built-in one.</param>
    public static JsonObject Of(PlotData plot, JsonNode? template = null)
    {
        ArgumentNullException.ThrowIfNull(plot);
        if (template is not null)
            return Filled(plot, template);
        var name = plot.Template ?? "linear";
        if (!Templates.Contains(name, StringComparer.Ordinal))
            throw new PipelineException($"there is no template `{name}`{NearNames.Hint(name, Templates)}: built in are {string.Join(", ", Templates)}; one of your own is .dvc/plots/{name}.json");
        var spec = new JsonObject
        {
            ["$schema"] = Schema,
            ["data"] = new JsonObject { ["values"] = Values(plot) },
            ["title"] = new JsonObject { ["text"] = plot.Title, ["anchor"] = "middle" },
            ["width"] = 300,
            ["height"] = 300,
        };
        switch (name)
        {
            case "confusion" or "confusion_normalized":
                Confusion(spec, plot, name == "confusion_normalized");
                break;
            case "bar_horizontal" or "bar_horizontal_sorted":
                Bars(spec, plot, name == "bar_horizontal_sorted");
                break;
            default:
                Lines(spec, plot, name);
                break;
        }

        return spec;
    }

    private static void Lines(JsonObject spec, PlotData plot, string name)
    {
        spec["encoding"] = new JsonObject
        {
            ["x"] = Axis(plot.X, plot.XLabel),
            ["y"] = Free(Axis(plot.Y, plot.YLabel)),
            ["color"] = Color(plot),
            ["strokeDash"] = Dashes(plot),
            ["tooltip"] = new JsonArray([.. new[] { "rev", plot.LineKey, plot.X, plot.Y }.OfType<string>().Select(f => (JsonNode)new JsonObject { ["field"] = Field(f) })]),
        };
        if (name.StartsWith("scatter", StringComparison.Ordinal))
            spec["mark"] = new JsonObject { ["type"] = "point" };
        else if (name == "smooth")
        {
            spec["layer"] = new JsonArray(
                new JsonObject { ["mark"] = "line", ["transform"] = new JsonArray(new JsonObject { ["loess"] = plot.Y, ["on"] = plot.X, ["groupby"] = new JsonArray([.. new[] { "rev", plot.LineKey }.OfType<string>().Select(f => (JsonNode)f)]), ["bandwidth"] = 0.3 }) },
                new JsonObject { ["mark"] = new JsonObject { ["type"] = "line", ["opacity"] = 0.25 } });
        }
        else
            spec["mark"] = new JsonObject { ["type"] = "line", ["point"] = name == "linear" };
    }

    private static void Confusion(JsonObject spec, PlotData plot, bool normalized)
    {
        var group = new JsonArray(Field(plot.X), Field(plot.Y), "rev");
        var steps = new JsonArray(new JsonObject { ["aggregate"] = new JsonArray(new JsonObject { ["op"] = "count", ["as"] = "cell_count" }), ["groupby"] = group });
        if (normalized)
        {
            steps.Add((JsonNode)new JsonObject { ["joinaggregate"] = new JsonArray(new JsonObject { ["op"] = "sum", ["field"] = "cell_count", ["as"] = "row_count" }), ["groupby"] = new JsonArray(Field(plot.Y), "rev") });
            steps.Add((JsonNode)new JsonObject { ["calculate"] = "datum.cell_count / datum.row_count", ["as"] = "cell_share" });
        }

        var value = normalized ? "cell_share" : "cell_count";
        spec["transform"] = steps;
        spec["facet"] = new JsonObject { ["column"] = new JsonObject { ["field"] = "rev", ["type"] = "nominal" } };
        // The size belongs to the parts of a picture in parts.
        spec.Remove("width");
        spec.Remove("height");
        spec["spec"] = new JsonObject
        {
            ["width"] = 300,
            ["height"] = 300,
            ["encoding"] = new JsonObject { ["x"] = Axis(plot.X, plot.XLabel, "nominal"), ["y"] = Axis(plot.Y, plot.YLabel, "nominal") },
            ["layer"] = new JsonArray(
                new JsonObject { ["mark"] = "rect", ["encoding"] = new JsonObject { ["color"] = new JsonObject { ["field"] = value, ["type"] = "quantitative" } } },
                new JsonObject { ["mark"] = "text", ["encoding"] = new JsonObject { ["text"] = new JsonObject { ["field"] = value, ["type"] = "quantitative", ["format"] = normalized ? ".2f" : "d" } } }),
        };
    }

    private static void Bars(JsonObject spec, PlotData plot, bool sorted)
    {
        var names = Axis(plot.Y, plot.YLabel, "nominal");
        if (sorted)
            names["sort"] = "-x";
        spec["mark"] = "bar";
        spec["encoding"] = new JsonObject { ["x"] = Axis(plot.X, plot.XLabel), ["y"] = names, ["yOffset"] = new JsonObject { ["field"] = "rev" }, ["color"] = Color(plot) };
    }

    private static JsonObject Axis(string field, string label, string type = "quantitative") => new() { ["field"] = Field(field), ["type"] = type, ["title"] = label };

    // Small changes of large values are what is looked for.
    private static JsonObject Free(JsonObject axis)
    {
        axis["scale"] = new JsonObject { ["zero"] = false };
        return axis;
    }

    private static JsonObject Color(PlotData plot) => new()
    {
        ["field"] = "rev",
        ["scale"] = new JsonObject
        {
            ["domain"] = new JsonArray([.. plot.Revisions.Select(r => (JsonNode)r)]),
            ["range"] = new JsonArray([.. plot.Revisions.Select((_, i) => (JsonNode)Colors[i % Colors.Length])]),
        },
    };

    private static JsonObject Dashes(PlotData plot)
    {
        if (plot.LineKey is not { } key)
            return [];
        return new JsonObject
        {
            ["field"] = Field(key),
            ["scale"] = new JsonObject { ["domain"] = new JsonArray([.. plot.Lines.Select(l => (JsonNode)l)]), ["range"] = new JsonArray([.. plot.Lines.Select((_, i) => Dash(i))]) },
            ["legend"] = new JsonObject { ["symbolFillColor"] = "transparent", ["symbolStrokeColor"] = "grey" },
        };
    }

    // Solid, then ever shorter dashes.
    private static JsonNode Dash(int index) => index == 0 ? new JsonArray(1, 0) : new JsonArray(Math.Max(1, 10 - (2 * index)), Math.Max(1, 10 - (2 * index)));

    private static JsonArray Values(PlotData plot) => new([.. plot.Points.Select(p => PlotJson.Of(p))]);

    // Vega reads dots and brackets in a name as a way into a value.
    private static string Field(string name) => name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(".", "\\.", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static JsonObject Filled(PlotData plot, JsonNode template)
    {
        var anchors = new Dictionary<string, Func<JsonNode?>>(StringComparer.Ordinal)
        {
            ["<DVC_METRIC_DATA>"] = () => Values(plot),
            ["<DVC_METRIC_TITLE>"] = () => plot.Title,
            ["<DVC_METRIC_X>"] = () => Field(plot.X),
            ["<DVC_METRIC_Y>"] = () => Field(plot.Y),
            ["<DVC_METRIC_X_LABEL>"] = () => plot.XLabel,
            ["<DVC_METRIC_Y_LABEL>"] = () => plot.YLabel,
            ["<DVC_METRIC_COLOR>"] = () => Color(plot),
            ["<DVC_METRIC_STROKE_DASH>"] = () => Dashes(plot),
            ["<DVC_METRIC_PLOT_WIDTH>"] = () => 300,
            ["<DVC_METRIC_PLOT_HEIGHT>"] = () => 300,
            ["<DVC_METRIC_ZOOM_AND_PAN>"] = () => new JsonObject { ["name"] = "grid", ["select"] = "interval", ["bind"] = "scales" },
            ["<DVC_METRIC_GROUP_BY>"] = () => new JsonArray([.. new[] { "rev", plot.LineKey }.OfType<string>().Select(f => (JsonNode)f)]),
            ["<DVC_METRIC_PIVOT_FIELD>"] = () => plot.LineKey is { } key ? $"datum.rev + '::' + datum['{key}']" : "datum.rev",
        };
        return Replaced(template, anchors) as JsonObject ?? throw new PipelineException($"the template of `{plot.Id}` must be a Vega-Lite specification: keys with values");
    }

    private static JsonNode? Replaced(JsonNode? node, Dictionary<string, Func<JsonNode?>> anchors) => node switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Replaced(p.Value, anchors)))),
        JsonArray list => new JsonArray([.. list.Select(i => Replaced(i, anchors))]),
        JsonValue value when value.TryGetValue<string>(out var text) => anchors.TryGetValue(text, out var filling) ? filling() : text,
        null => null,
        _ => node.DeepClone(),
    };
}
