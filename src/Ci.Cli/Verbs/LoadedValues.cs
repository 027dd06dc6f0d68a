using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

/// <summary>Reads a view's values; a revision whose files cannot be read is told and shows nothing, as one unreadable commit of many should.</summary>
internal static class LoadedValues
{
    public static OrderedDictionary<string, object?> Of(CliContext context, ProjectView view, Func<ValueReader, OrderedDictionary<string, object?>> read, bool quiet) =>
        Of(context, view, read, quiet, new OrderedDictionary<string, object?>(StringComparer.Ordinal));

    public static IReadOnlyList<MetricFile> Metrics(CliContext context, ProjectView view, IReadOnlyList<string> targets) =>
        Of<IReadOnlyList<MetricFile>>(context, view, reader => reader.MetricsByFile(targets), targets.Count > 0, []);

    private static T Of<T>(CliContext context, ProjectView view, Func<ValueReader, T> read, bool quiet, T nothing)
    {
        try
        {
            var reader = new ValueReader(view);
            var values = read(reader);
            // Of files that were asked for by name, those that a revision did not have yet are no news.
            foreach (var problem in reader.Problems.Where(p => !quiet || !p.EndsWith("does not exist", StringComparison.Ordinal)))
                context.Note($"mlops: {view.Name}: {problem}");
            return values;
        }
        catch (Exception error) when (error is DataException or PipelineException && view.Name != ProjectView.Workspace)
        {
            context.Note($"mlops: {view.Name} could not be read: {error.Message}");
            return nothing;
        }
    }
}
