using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines.Selection;

namespace Ci.Cli.Verbs;

/// <summary><c>status --cloud</c>: what the cache and a remote do not both have, in DVC's words.</summary>
internal sealed class CloudStatusReport
{
    private readonly Option<bool> cloud = new("--cloud", "-c") { Description = "Compare the cache with the remote instead." };
    private readonly TransferArguments arguments = new();

    /// <summary>Adds the options to <c>status</c>.</summary>
    public Command AddTo(Command command)
    {
        command.Options.Add(this.cloud);
        return this.arguments.AddRemoteTo(command);
    }

    /// <summary>Whether this is what was asked for: <c>--cloud</c>, or a remote.</summary>
    /// <exception cref="CliException">What goes with it was given without it.</exception>
    public bool IsMeant(ParseResult parsed)
    {
        if (parsed.GetValue(this.cloud) || this.arguments.RemoteOf(parsed) is not null)
            return true;
        return this.arguments.ScopeOf(parsed).IsEmpty && this.arguments.JobsOf(parsed) is null
            ? false
            : throw new CliException("--all-branches, --all-tags, --all-commits and --jobs go with --cloud");
    }

    /// <summary>Compares and tells.</summary>
    /// <param name="context">The verb's world.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="request">Which data is meant.</param>
    /// <param name="quiet">Say nothing; the exit code tells.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<int> RunAsync(CliContext context, ParseResult parsed, OutputRequest request, bool quiet, CancellationToken ct)
    {
        var pipeline = DataVerbs.Load(context);
        var outputs = await TransferArguments.EverywhereAsync(context, request, this.arguments.ScopeOf(parsed), pipeline, ct);
        var changes = new List<(string Path, string State)>();
        var names = new List<string>();
        foreach (var (remote, some) in DataVerbs.ByRemote(pipeline, outputs, this.arguments.RemoteOf(parsed)))
        {
            var options = new TransferOptions { Time = context.Time };
            var store = remote.Open(context.Environment, context.Time);
            changes.AddRange(await CloudStatus.CompareAsync(pipeline.Project.Cache, store, some, options with { Jobs = this.arguments.JobsOf(parsed) ?? remote.Jobs ?? options.Jobs }, ct));
            names.Add(remote.Name);
        }

        pipeline.Project.SaveState();
        if (parsed.IsJson())
            context.WriteJson(new JsonObject(changes.DistinctBy(c => c.Path).Select(c => KeyValuePair.Create(pipeline.Project.Shown(c.Path), (JsonNode?)c.State))));
        else if (quiet)
            return changes.Count == 0 ? ExitCode.Ok : ExitCode.Error;
        else if (changes.Count == 0)
            context.Line($"Cache and remote '{string.Join("', '", names)}' are in sync.");
        else
            changes.ForEach(change => context.Line($"\t{change.State + ":",-19} {pipeline.Project.Shown(change.Path)}"));
        return ExitCode.Ok;
    }
}
