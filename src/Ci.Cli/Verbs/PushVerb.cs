using System.CommandLine;
using System.Text.Json.Nodes;

namespace Ci.Cli.Verbs;

internal static class PushVerb
{
    public static Command Create(CliContext context)
    {
        var arguments = new TransferArguments();
        return arguments.AddTo(new Command("push", "Send tracked data from the cache to the remote."), moves: true, globs: true).Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var outputs = ImportedData.Own(pipeline, await arguments.EverywhereAsync(context, parsed, pipeline, ct));
            var how = (arguments.RemoteOf(parsed), arguments.JobsOf(parsed), parsed.IsQuiet() || parsed.IsJson());
            var count = await DataVerbs.MoveAsync(context, pipeline, outputs, "Pushing", how, (transfer, some) => transfer.PushAsync(some, ct));
            if (arguments.TakesRuns(parsed))
                count += await new RemoteData(context, pipeline, arguments.RemoteOf(parsed)).PushRunsAsync(ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["pushed"] = count });
            else if (!parsed.IsQuiet())
                context.Line(count == 0 ? "Everything is up to date." : count == 1 ? "1 file pushed" : $"{count} files pushed");
            return ExitCode.Ok;
        });
    }
}
