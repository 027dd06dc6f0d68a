using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Scheduling;

namespace Ci.Cli.Verbs;

/// <summary><c>freeze</c> and <c>unfreeze</c>.</summary>
internal static class FreezeVerb
{
    public static Command Create(CliContext context) => Make(context, "freeze", "Keep stages from being run again, whatever changes (writes `frozen: true`).", frozen: true);

    public static Command CreateUnfreeze(CliContext context) => Make(context, "unfreeze", "Let frozen stages run again.", frozen: false);

    private static Command Make(CliContext context, string name, string summary, bool frozen)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = "Stages or pointers." };
        return new Command(name, summary) { targets }.Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var graph = PipelineGraph.Of(pipeline);
            // Every target is looked up before any file is touched.
            var chosen = (parsed.GetValue(targets) ?? []).SelectMany(t => graph.Find(t, context.WorkingDirectory)).Distinct().ToList();
            var files = new List<string>();
            foreach (var index in chosen)
            {
                var stage = graph.StageAt(index);
                if ((stage is null ? FrozenFlag.Set(pipeline.Project, graph.PointerAt(index)!, frozen) : FrozenFlag.Set(pipeline.Project, stage, frozen)) is not { } file)
                    continue;
                files.Add(file);
                if (stage is not null && !parsed.IsJson())
                    context.Line($"Modifying stage '{stage.Name}' in '{file}'");
            }

            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["files"] = DataVerbs.Array(files.Distinct(StringComparer.Ordinal)) });
            return ExitCode.Ok;
        });
    }
}
