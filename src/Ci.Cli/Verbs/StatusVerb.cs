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
        return cloud.AddTo(new Command("status", "Say which stages and data are not up to date, and why.")).Does(context, async (parsed, ct) =>
        {
            if (cloud.IsMeant(parsed))
                return await cloud.RunAsync(context, parsed, new OutputRequest([], context.WorkingDirectory), quiet: false, ct);
            var pipeline = DataVerbs.Load(context);
            var changes = StatusReader.All(pipeline);
            pipeline.Project.SaveState();
            if (parsed.IsJson())
                context.WriteJson(Json(changes));
            else if (pipeline.Stages.Count + pipeline.Pointers.Count == 0)
                context.Line("There are no data or pipelines tracked in this project yet.");
            else if (changes.Count == 0)
                context.Line("Data and pipelines are up to date.");
            foreach (var change in parsed.IsJson() ? [] : changes)
                Write(context, change);
            return ExitCode.Ok;
        });
    }

    private static void Write(CliContext context, StageChanges change)
    {
        context.Line($"{change.Name}:");
        if (change.Dependencies.Count > 0)
            context.Line("\tchanged deps:");
        string? file = null;
        foreach (var (path, key, state) in change.Dependencies)
        {
            if (key is not null && file != path)
                context.Line($"\t\t{path}:");
            file = path;
            context.Line(key is null ? $"\t\t{state + ":",-19} {path}" : $"\t\t\t{state + ":",-19} {key}");
        }

        if (change.Outputs.Count > 0)
            context.Line("\tchanged outs:");
        foreach (var (path, state) in change.Outputs)
            context.Line($"\t\t{state + ":",-19} {path}");
        if (change.Command)
            context.Line("\tchanged command");
        if (change.Always)
            context.Line("\talways changed");
    }

    private static JsonObject Json(IEnumerable<StageChanges> changes)
    {
        var root = new JsonObject();
        foreach (var change in changes)
        {
            var items = new JsonArray();
            if (change.Dependencies.Count > 0)
            {
                var deps = new JsonObject();
                foreach (var (path, key, state) in change.Dependencies)
                {
                    if (key is null)
                        deps[path] = state;
                    else
                        ((JsonObject)(deps[path] ??= new JsonObject()))[key] = state;
                }

                items.Add((JsonNode)new JsonObject { ["changed deps"] = deps });
            }

            if (change.Outputs.Count > 0)
                items.Add((JsonNode)new JsonObject { ["changed outs"] = new JsonObject(change.Outputs.Select(o => KeyValuePair.Create(o.Path, (JsonNode?)o.State))) });
            if (change.Command)
                items.Add((JsonNode)"changed command");
            if (change.Always)
                items.Add((JsonNode)"always changed");
            root[change.Name] = items;
        }

        return root;
    }
}
