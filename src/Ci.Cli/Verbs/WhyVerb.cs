using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Scheduling;

namespace Ci.Cli.Verbs;

internal static class WhyVerb
{
    public static Command Create(CliContext context)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = "Stages." };
        var accelerator = new Option<string?>("--accelerator") { Description = "Look for earlier runs on this class of accelerator, whatever this machine has." };
        return new Command("why", "Say why a stage would run: which part of its key changed, and whether an earlier run can stand in.") { targets, accelerator }.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var options = new ReproOptions { Folder = context.WorkingDirectory, Environment = context.Environment, Accelerator = parsed.GetValue(accelerator) };
            var reader = new WhyReader(pipeline, options, context.Time);
            var all = new List<StageReasons>();
            foreach (var stage in pipeline.Select(parsed.GetValue(targets) ?? [], context.WorkingDirectory, alone: true))
                all.Add(await reader.OfAsync(stage, ct));
            pipeline.Project.SaveState();
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["stages"] = new JsonArray([.. all.Select(r => (JsonNode)Json(r))]) });
            else
                all.ForEach(r => Write(context, r));
            return ExitCode.Ok;
        });
    }

    private static void Write(CliContext context, StageReasons why)
    {
        context.Line(why.Fate switch
        {
            StageFate.Skip => $"Stage '{why.Stage}' is up to date.",
            StageFate.Reuse => $"Stage '{why.Stage}' is not up to date, and an earlier run with these inputs will be put back:",
            StageFate.Verify => $"Stage '{why.Stage}' is frozen; its outputs will be taken as they are:",
            StageFate.Fail => $"Stage '{why.Stage}' cannot run:",
            _ => $"Stage '{why.Stage}' will run:",
        });
        foreach (var reason in why.Reasons)
            Write(context, reason);
        if (why.StaleNeeds.Count > 0)
            context.Line($"  it needs {string.Join(", ", why.StaleNeeds.Select(s => $"'{s}'"))}, not up to date: what that makes may change this");
        if (why.Fate != StageFate.Run)
            return;
        if (why.NoReuse is not null)
            context.Line($"No earlier run is looked for: {why.NoReuse}.");
        else if (why.Nearest is null)
            context.Line("No earlier run is recorded.");
        else
        {
            context.Line("No earlier run had these inputs; of the nearest one differ:");
            foreach (var reason in why.Nearest)
                Write(context, reason);
        }
    }

    private static void Write(CliContext context, StageReason reason)
    {
        var maker = reason.Maker is not null && reason.Part == "dependency" ? $" (made by '{reason.Maker}')" : "";
        if (reason.Part == "command")
        {
            context.Line("  command");
            foreach (var line in Difference(reason.Old ?? "", reason.New ?? ""))
                context.Line($"    {line}");
            return;
        }

        context.Line("  " + (reason.Part, reason.State) switch
        {
            ("never_run", _) => "no run of it is recorded in dvc.lock",
            ("always_changed", "declared") => "it says `always_changed: true`",
            ("always_changed", _) => "it has neither dependencies nor outputs to tell by",
            ("environment", "not recorded") => "which environment and image it ran under is not recorded in mlops.lock",
            ("environment", "new") => $"environment variable {reason.Name}: set now, was not",
            ("environment", "deleted") => $"environment variable {reason.Name}: was set, is not",
            ("environment", _) => $"environment variable {reason.Name}: has another value",
            ("image", _) => $"container image: {reason.Old ?? "none declared"} → {reason.New ?? "none declared"}",
            ("accelerator", _) => $"accelerator: {reason.Old ?? "none declared"} → {reason.New ?? "none declared"}",
            (var part, "missing") => $"{part} {reason.Name}: does not exist{maker}",
            (var part, "not in cache") => $"{part} {reason.Name}: is not in the cache",
            ("output", "deleted") => $"output {reason.Name}: does not exist",
            (var part, "new") when reason.New is null => $"{part} {reason.Name}: is new{maker}",
            var (part, _) => $"{part} {reason.Name}: {Short(reason.Part, reason.Old)} → {Short(reason.Part, reason.New)}{maker}",
        });
    }

    private static string Short(string part, string? value) => value is null ? "(not there)" : part == "parameter" || value.Length <= 12 ? value : value[..8] + "…" + (value.EndsWith(".dir", StringComparison.Ordinal) ? ".dir" : "");

    // Lines that both have stand once; the longest common run of lines decides which those are.
    private static IEnumerable<string> Difference(string old, string now)
    {
        var (a, b) = (old.Split('\n').Take(500).ToArray(), now.Split('\n').Take(500).ToArray());
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        for (var (i, j) = (0, 0); i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                yield return $"  {a[i++]}";
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
                yield return $"- {a[i++]}";
            else
                yield return $"+ {b[j++]}";
        }
    }

    private static JsonObject Json(StageReasons why) => new()
    {
        ["stage"] = why.Stage,
        ["fate"] = why.Fate.ToString().ToLowerInvariant(),
        ["reasons"] = Json(why.Reasons),
        ["staleNeeds"] = DataVerbs.Array(why.StaleNeeds),
        ["noReuse"] = why.NoReuse,
        ["nearest"] = why.Nearest is null ? null : Json(why.Nearest),
    };

    private static JsonArray Json(IEnumerable<StageReason> reasons) => new([.. reasons.Select(r => (JsonNode)new JsonObject
    {
        ["part"] = r.Part, ["name"] = r.Name, ["state"] = r.State, ["old"] = r.Old, ["new"] = r.New, ["maker"] = r.Maker,
    })]);
}
