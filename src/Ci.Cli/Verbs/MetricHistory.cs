using Ci.Data;
using Ci.Evaluation;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Parameters;
using Ci.Pipelines.Revisions;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>
/// What earlier commits measured: from their evaluation.json where Git or the cache has it (with intervals, and the data's digest), else
/// from the metrics files of their pipeline. A commit that changed nothing of it is no measurement.
/// </summary>
internal static class MetricHistory
{
    /// <summary>Commits that are looked at for each measurement that is wanted: between two there may be many that only change words.</summary>
    private const int LookedAt = 5;

    public static async Task<IReadOnlyList<HistoryPoint>> ReadAsync(CliContext context, ReportInput input, string evaluationPath, int most, CancellationToken ct)
    {
        using var views = ProjectViews.Open(context);
        if (!views.HasCommits)
            return [];
        var git = await GitRepository.OpenAsync(views.Project.Root, GitSettings.Of(context), ct);
        var commits = await git.LastAsync("HEAD", most * LookedAt, ct);
        var when = (await git.LogAsync("HEAD", Math.Min(10_000, most * LookedAt * 4), ct)).ToDictionary(commit => commit.Id, commit => commit.CommitterDate, StringComparer.Ordinal);
        var versions = (await git.TagsAsync(ct)).Where(tag => tag.Name.Contains("@v", StringComparison.Ordinal)).GroupBy(tag => tag.TargetCommit, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Name[(group.First().Name.IndexOf('@', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
        var metric = input.Verdict.Headline?.Metric is { } deciding && input.Candidate.Metric(deciding) is not null ? deciding : input.Candidate.Metrics[0].Name;
        var full = context.FullPath(evaluationPath);
        var path = views.Project.Contains(full) ? views.Project.Shown(full) : null;
        var points = new List<HistoryPoint>();
        foreach (var commit in commits.Reverse())
        {
            // The candidate's own commit is the last point, which the report adds.
            if (commit == input.Lineage.Commit)
                continue;
            using var view = views.Of(commit);
            if (Measured(context, view, path, metric, input.Candidate) is not { } found)
                continue;
            var point = found with { Commit = commit, At = when.TryGetValue(commit, out var at) ? at : null, Version = versions.GetValueOrDefault(commit) };
            if (points.Count > 0 && point.Version is null && points[^1] with { Commit = null, At = null, Version = null } == point with { Commit = null, At = null })
                continue;
            points.Add(point);
        }

        // What was committed is what is reported: the candidate stands there once.
        var now = input.Candidate.Metric(metric)!;
        if (points.Count > 0 && points[^1] is { OtherData: false } last && last.Value == now.Value && (last.Low is null || (last.Low == now.Low && last.High == now.High)))
            points.RemoveAt(points.Count - 1);
        return [.. points.TakeLast(most)];
    }

    private static HistoryPoint? Measured(CliContext context, ProjectView view, string? evaluationPath, string metric, ModelEvaluation candidate)
    {
        try
        {
            if (evaluationPath is not null && view.Read(evaluationPath, ModelEvaluation.MostBytes) is { } bytes)
            {
                var evaluation = ModelEvaluation.Read(bytes);
                if (evaluation.Metric(metric) is { } value && evaluation.Model.Name == candidate.Model.Name)
                    return new HistoryPoint(value.Value, null, null, value.Low, value.High, evaluation.Data.Sha256 != candidate.Data.Sha256);
            }

            return FromFiles(new ValueReader(view), metric);
        }
        catch (Exception error) when (error is DataException or PipelineException or EvaluationException)
        {
            context.Note($"mlops: --history: {view.Name[..Math.Min(12, view.Name.Length)]} is passed over: {error.Message}");
            return null;
        }
    }

    // The metric by its own name, at any depth of any metrics file; two that differ cannot be told apart.
    private static HistoryPoint? FromFiles(ValueReader reader, string metric)
    {
        var found = new List<double>();
        foreach (var file in reader.Metrics([]).Values.Where(file => file is not OrderedDictionary<string, object?> { Count: 0 } and not null))
        {
            foreach (var (key, value) in ParameterFile.Flatten(file!))
            {
                if ((key == metric || key.EndsWith("." + metric, StringComparison.Ordinal)) && value is double or long && Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) is var number && double.IsFinite(number))
                    found.Add(number);
            }
        }

        return found.Distinct().Count() == 1 ? new HistoryPoint(found[0]) : null;
    }
}
