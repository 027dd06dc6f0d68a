using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Cli.Terminal;
using Ci.Pipelines;
using Ci.Pipelines.Scheduling;

namespace Ci.Cli.Verbs;

internal static class DagVerb
{
    public static Command Create(CliContext context)
    {
        var target = new Argument<string[]>("targets") { Arity = ArgumentArity.ZeroOrMore, Description = "Stages, outputs or pointers whose graph to show, with what they need; everything if absent." };
        var dot = new Option<bool>("--dot") { Description = "In Graphviz' language." };
        var mermaid = new Option<bool>("--mermaid") { Description = "As a Mermaid flowchart." };
        var markdown = new Option<bool>("--md") { Description = "As a Mermaid flowchart in a block of Markdown." };
        var full = new Option<bool>("--full") { Description = "All that is connected with the targets, and not only what they need." };
        var outs = new Option<bool>("--outs", "-o") { Description = "Outputs instead of stages." };
        var collapse = new Option<bool>("--collapse-foreach-matrix") { Description = "One node for all stages that a foreach or matrix makes." };
        return new Command("dag", "Show which stages need which.") { target, dot, mermaid, markdown, full, outs, collapse }.Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var graph = Graph(pipeline, context, parsed.GetValue(target) ?? [], parsed.GetValue(full), parsed.GetValue(outs), parsed.GetValue(collapse));
            if (parsed.IsJson())
                context.WriteJson(Json(graph));
            else if (parsed.GetValue(dot))
                context.Line(Dot(graph));
            else if (parsed.GetValue(mermaid) || parsed.GetValue(markdown))
                context.Line(parsed.GetValue(markdown) ? $"```mermaid\n{Mermaid(graph)}\n```" : Mermaid(graph));
            else if (graph.Names.Count > 0)
                context.Line(StageDrawing.Draw(graph.Names, graph.Needs));
            return ExitCode.Ok;
        });
    }

    private static NamedGraph Graph(Pipeline pipeline, CliContext context, string[] targets, bool full, bool outs, bool collapse)
    {
        var graph = PipelineGraph.Of(pipeline);
        var wanted = targets.Length == 0 ? [.. Enumerable.Range(0, graph.Count)] : graph.Connected([.. targets.SelectMany(t => graph.Find(t, context.WorkingDirectory))], full);
        // In the order in which they would run.
        var order = graph.InOrder(wanted);
        return outs ? NamedGraph.OfOutputs(pipeline, graph, order, context.WorkingDirectory) : NamedGraph.OfStages(graph, order, collapse);
    }

    private static string Dot(NamedGraph graph)
    {
        var text = new StringBuilder("strict digraph  {\n");
        foreach (var name in graph.Names)
            text.Append($"{Quoted(name)};\n");
        foreach (var (from, to) in graph.Edges)
            text.Append($"{Quoted(from)} -> {Quoted(to)};\n");
        return text.Append("}\n").ToString();
    }

    // Numbers run on over the connected parts; in each, nodes and edges are sorted, as DVC has them.
    private static string Mermaid(NamedGraph graph)
    {
        var text = new StringBuilder("flowchart TD");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in StageDrawing.Parts(graph.Needs))
        {
            var names = part.Select(i => graph.Names[i]).Order(Ci.Data.PythonText.Order).ToList();
            foreach (var name in names)
            {
                ids[name] = ids.Count + 1;
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n\tnode{ids[name]}[\"{name.Replace("\"", "#quot;", StringComparison.Ordinal)}\"]");
            }

            var inside = names.ToHashSet(StringComparer.Ordinal);
            foreach (var (from, to) in graph.Edges.Where(e => inside.Contains(e.From)).OrderBy(e => e.From, Ci.Data.PythonText.Order).ThenBy(e => e.To, Ci.Data.PythonText.Order))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n\tnode{ids[from]}-->node{ids[to]}");
        }

        return text.ToString();
    }

    private static JsonObject Json(NamedGraph graph) => new()
    {
        ["nodes"] = DataVerbs.Array(graph.Names),
        ["edges"] = new JsonArray([.. graph.Edges.Select(e => (JsonNode)new JsonObject { ["from"] = e.From, ["to"] = e.To })]),
    };

    private static string Quoted(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
