using System.Text.Json.Nodes;
using Ci.Cli.Verbs;
using Ci.Pipelines;

namespace Ci.Cli.Terminal;

/// <summary>What a run of a pipeline says, in DVC's words: answers on standard output, warnings and waits on standard error.</summary>
internal sealed class StageLines(CliContext context, Pipeline pipeline, OnFailure onFailure, bool dry)
{
    private bool parted;
    private string? begun;

    /// <summary>Writes what happened; names are those of the folder in which the command was given.</summary>
    public void Tell(ReproEvent told)
    {
        var happened = told with { Stage = SeenFrom.Stage(context, pipeline, told.Stage) };
        if (happened.Kind is ReproEventKind.LockBegun or ReproEventKind.LockWritten)
            happened = happened with { Text = SeenFrom.Path(context, pipeline, happened.Text, pipeline.Project.Root) };
        switch (happened.Kind)
        {
            case ReproEventKind.Line when happened.IsError:
                context.Note(happened.Text);
                return;
            case ReproEventKind.Waiting:
                context.Note($"Stage '{happened.Stage}' waits for {happened.Text}");
                return;
            case ReproEventKind.Warning:
                context.Note($"WARNING: {happened.Text}");
                return;
            case ReproEventKind.Failed when onFailure != OnFailure.Stop:
                context.Note($"WARNING: {happened.Text}{(onFailure == OnFailure.Ignore ? " (ignored)" : "")}");
                return;
            case ReproEventKind.Skipped:
                context.Note($"WARNING: Stage '{happened.Stage}' will be skipped due to the failure of '{happened.Text}'");
                return;
        }

        if (Text(happened) is { } text)
            this.Answer(happened, text);
        this.parted |= happened.Kind is ReproEventKind.Ran or ReproEventKind.Reused or ReproEventKind.Verified || (dry && happened.Kind == ReproEventKind.Command);
    }

    private static string? Text(ReproEvent happened) => happened.Kind switch
    {
        ReproEventKind.DataUnchanged => $"'{happened.Stage}' didn't change, skipping",
        ReproEventKind.Unchanged => $"Stage '{happened.Stage}' didn't change, skipping",
        ReproEventKind.Reused => $"Stage '{happened.Stage}' is cached - skipping run, checking out outputs",
        ReproEventKind.Running => $"Running stage '{happened.Stage}':",
        ReproEventKind.Command => $"> {happened.Text}",
        ReproEventKind.Line => happened.Text,
        ReproEventKind.LockBegun => $"Generating lock file '{happened.Text}'",
        ReproEventKind.LockWritten => $"Updating lock file '{happened.Text}'",
        ReproEventKind.Verified => $"Verifying {happened.Text}: '{happened.Stage}'",
        ReproEventKind.Fetching => happened.Text,
        _ => null,
    };

    // An empty line parts what was done from what comes next.
    private void Answer(ReproEvent happened, string text)
    {
        if (this.parted && this.begun != happened.Stage)
        {
            context.Line();
            this.parted = false;
        }

        this.begun = happened.Stage;
        context.Line(text);
    }

    /// <summary>An ending as it stands in the document of <c>--json</c>; null for what is none.</summary>
    public static JsonObject? Json(ReproEvent happened)
    {
        var outcome = happened.Kind switch
        {
            ReproEventKind.Unchanged or ReproEventKind.Reused or ReproEventKind.Ran or ReproEventKind.Failed or ReproEventKind.Skipped => happened.Kind.ToString().ToLowerInvariant(),
            _ => null,
        };
        return outcome is null ? null : new JsonObject { ["stage"] = happened.Stage, ["outcome"] = outcome, ["seconds"] = Math.Round(happened.Elapsed.TotalSeconds, 3) };
    }
}
