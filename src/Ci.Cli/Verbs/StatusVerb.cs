using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Selection;

namespace Ci.Cli.Verbs;

internal static class StatusVerb
{
    public static Command Create(CliContext context)
    {
        var cloud = new CloudStatusReport();
        var targets = DataVerbs.Targets("Stages, tracked files, or .dvc files; everything if absent.");
        var withDeps = new Option<bool>("--with-deps", "-d") { Description = "Also what the targets need." };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Folders mean all that is described below them." };
        var noUpdates = new Option<bool>("--no-updates") { Description = "Do not ask where imports came from (this version never does)." };
        return cloud.AddTo(new Command("status", "Say which stages and data are not up to date, and why.") { targets, withDeps, recursive, noUpdates }).Does(context, async (parsed, ct) =>
        {
            if (cloud.IsMeant(parsed))
            {
                var meant = new OutputRequest(parsed.GetValue(targets) ?? [], context.WorkingDirectory) { Recursive = parsed.GetValue(recursive), WithDependencies = parsed.GetValue(withDeps) };
                return await cloud.RunAsync(context, parsed, meant, parsed.IsQuiet(), ct);
            }

            var pipeline = DataVerbs.Load(context);
            var frozen = new List<string>();
            var changes = StatusReader.All(pipeline, [.. (parsed.GetValue(targets) ?? []).Select(t => new Target(t, context.WorkingDirectory))], frozen, parsed.GetValue(recursive), parsed.GetValue(withDeps));
            pipeline.Project.SaveState();
            foreach (var name in frozen)
                context.Note($"mlops: '{SeenFrom.Stage(context, pipeline, name)}' is frozen: whether what it depends on has changed is not shown");
            if (parsed.IsQuiet())
                return changes.Count == 0 ? ExitCode.Ok : ExitCode.Error;
            if (parsed.IsJson())
                context.WriteJson(Json(context, pipeline, changes));
            else if (pipeline.Stages.Count + pipeline.Pointers.Count == 0)
                context.Line("There are no data or pipelines tracked in this project yet.");
            else if (changes.Count == 0)
                context.Line("Data and pipelines are up to date.");
            else
                changes.ToList().ForEach(change => Write(context, pipeline, change));
            return ExitCode.Ok;
        });
    }

    private static void Write(CliContext context, Pipeline pipeline, StageChanges change)
    {
        context.Line($"{SeenFrom.Stage(context, pipeline, change.Name)}:");
        if (change.Dependencies.Count > 0)
            context.Line("\tchanged deps:");
        string? file = null;
        foreach (var (path, key, state) in change.Dependencies)
        {
            var shown = SeenFrom.Path(context, pipeline, path, change.Folder);
            if (key is not null && file != path)
                context.Line($"\t\t{shown}:");
            file = path;
            context.Line(key is null ? $"\t\t{state + ":",-20}{shown}" : $"\t\t\t{state + ":",-20}{key}");
        }

        if (change.Outputs.Count > 0)
            context.Line("\tchanged outs:");
        foreach (var (path, state) in change.Outputs)
            context.Line($"\t\t{state + ":",-20}{SeenFrom.Path(context, pipeline, path, change.Folder)}");
        Marks(change).ToList().ForEach(mark => context.Line($"\t{mark}"));
    }

    private static IEnumerable<string> Marks(StageChanges change)
    {
        if (change.Always)
            yield return "always changed";
        if (change.Command)
            yield return "changed command";
        if (change.Checksum)
            yield return "changed checksum";
    }

    private static JsonObject Json(CliContext context, Pipeline pipeline, IEnumerable<StageChanges> changes)
    {
        var root = new JsonObject();
        foreach (var change in changes)
        {
            // Two outputs of one pointer stand under its one name.
            var items = root[SeenFrom.Stage(context, pipeline, change.Name)] as JsonArray ?? [];
            if (change.Dependencies.Count > 0)
            {
                var deps = new JsonObject();
                foreach (var (path, key, state) in change.Dependencies)
                {
                    var shown = SeenFrom.Path(context, pipeline, path, change.Folder);
                    if (key is null)
                        deps[shown] = state;
                    else
                        ((JsonObject)(deps[shown] ??= new JsonObject()))[key] = state;
                }

                items.Add((JsonNode)new JsonObject { ["changed deps"] = deps });
            }

            if (change.Outputs.Count > 0)
                items.Add((JsonNode)new JsonObject { ["changed outs"] = new JsonObject(change.Outputs.Select(o => KeyValuePair.Create(SeenFrom.Path(context, pipeline, o.Path, change.Folder), (JsonNode?)o.State))) });
            foreach (var mark in Marks(change))
                items.Add((JsonNode)mark);
            root[SeenFrom.Stage(context, pipeline, change.Name)] ??= items;
        }

        return root;
    }
}
