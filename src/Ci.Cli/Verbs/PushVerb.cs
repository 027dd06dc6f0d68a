using System.CommandLine;
using System.Text.Json.Nodes;

namespace Ci.Cli.Verbs;

internal static class PushVerb
{
    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Stages or tracked files; everything if absent.");
        var remote = DataVerbs.Remote();
        var runCache = new Option<bool>("--run-cache") { Description = "Also send the records of earlier runs, with what they made." };
        return new Command("push", "Send tracked data from the cache to the remote.") { targets, remote, runCache }.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var outputs = ImportedData.Own(pipeline, pipeline.Tracked(parsed.GetValue(targets) ?? [], context.WorkingDirectory));
            var count = await DataVerbs.WithRemotesAsync(pipeline, outputs, parsed.GetValue(remote), (transfer, some) => transfer.PushAsync(some, ct));
            if (parsed.GetValue(runCache))
                count += await new RemoteData(pipeline, parsed.GetValue(remote)).PushRunsAsync(ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["pushed"] = count });
            else
                context.Line(count == 0 ? "Everything is up to date." : count == 1 ? "1 file pushed" : $"{count} files pushed");
            return ExitCode.Ok;
        });
    }
}
