using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Jobs;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops workflow rerun</c>: a finished run of the forge's CI, again.</summary>
internal static class WorkflowVerb
{
    public const string Summary = "Start a workflow run again.";

    private static readonly Option<string> Id = new("--id") { Description = "The run's number. Default: this job's run." };
    private static readonly Option<bool> Failed = new("--failed") { Description = "Only its jobs that failed." };

    public static Command Create(CliContext context)
    {
        var rerun = ForgeSettings.AddTo(new Command("rerun", "Run a finished workflow run again.") { Id, Failed });
        return new Command("workflow", Summary) { rerun.Does(context, (parsed, ct) => RunAsync(context, parsed, ct)) };
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var cml = new CmlVariables(context, parsed, "CML_WORKFLOW", "CML_RERUN_WORKFLOW");
        var settings = ForgeSettings.Of(context, parsed, cml);
        var id = cml.Text(Id) is not { } text ? settings.Job.RunId
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new CliException($"--id is the number of a run, not '{LogText.Line(text, 40)}'", ExitCode.Usage);
        if (id <= 0)
            throw new CliException("which run? Give --id NUMBER; this is no job of a run", ExitCode.Usage);
        using var forge = settings.Open();
        var dispatch = forge.Dispatch ?? throw new CliException($"{forge.Description} lets us start no runs");
        await dispatch.RerunAsync(id, parsed.GetValue(Failed), ct);
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["run"] = id, ["failedOnly"] = parsed.GetValue(Failed) });
        else
            context.Line($"run {id} is started again");
        return ExitCode.Ok;
    }
}
