using Ci.Data;
using Ci.Evaluation;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>Compares experiments by the per-example predictions that their <c>evaluation.json</c> names: paired, row by row.</summary>
internal sealed class ExpPredictions(ExperimentWorkspace home, ExpColumn column) : IDisposable
{
    private const string Document = "evaluation.json";
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-compare-");
    private readonly Dictionary<string, string?> extracted = new(StringComparer.Ordinal);
    private readonly string metric = column.Key[(column.Key.LastIndexOf('.') + 1)..];

    /// <summary>Why the last pair could not be compared.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The one-sided p-value of what the two values claim, and their difference; null where there is no evidence.</summary>
    public async Task<(double P, double Difference, string Method)?> CompareAsync(ExpRow row, ExpRow reference, CancellationToken ct)
    {
        if (await this.ExtractAsync(row, ct) is not { } candidate || await this.ExtractAsync(reference, ct) is not { } baseline)
            return null;
        try
        {
            var gate = new Gate { Name = this.metric, Metric = this.metric, Rule = GateRule.NotWorse };
            var verdict = Comparer.Run(new CompareRequest { Folder = this.folder.FullName, CandidatePath = candidate, BaselinePath = baseline, Gates = new GateFile { Gates = [gate], Metric = this.metric } });
            if (verdict.Gates[0] is { P: { } p, Difference: { } difference, Test: { } test })
                return (p, difference, test);
            this.Trouble = verdict.Gates[0].Reason;
        }
        catch (EvaluationException error)
        {
            this.Trouble = error.Message;
        }

        return null;
    }

    public void Dispose() => this.folder.Delete(recursive: true);

    // The document and its predictions as files; null where the experiment has none that speak of this metric.
    private async Task<string?> ExtractAsync(ExpRow row, CancellationToken ct)
    {
        if (this.extracted.TryGetValue(row.Commit!, out var known))
            return known;
        return this.extracted[row.Commit!] = await this.WriteAsync(row, ct);
    }

    private async Task<string?> WriteAsync(ExpRow row, CancellationToken ct)
    {
        var files = await ExpData.FilesAsync(home, row.Commit!, ct);
        foreach (var path in files.Paths.Where(p => Path.GetFileName(p) == Document).Order(StringComparer.Ordinal))
        {
            if (await files.ReadAsync(path, ct) is not { } bytes || Read(bytes) is not { Predictions: { } named } evaluation || !this.SpeaksOf(evaluation, row))
                continue;
            var predictions = Path.GetFullPath(named.Path, Path.GetDirectoryName(path)!);
            if (await files.ReadAsync(predictions, ct) is not { } rows)
            {
                this.Trouble = $"the predictions of `{row.Name}` are not in the cache (`mlops exp pull` gets them)";
                continue;
            }

            var place = Path.Combine(row.Commit!, Document);
            var target = Path.GetFullPath(named.Path, Path.Combine(this.folder.FullName, row.Commit!));
            if (!target.StartsWith(this.folder.FullName + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.CreateDirectory(Path.Combine(this.folder.FullName, row.Commit!));
            await File.WriteAllBytesAsync(target, rows, ct);
            await File.WriteAllBytesAsync(Path.Combine(this.folder.FullName, place), bytes, ct);
            return place;
        }

        return null;
    }

    // `train.rmse` of a table is not the `rmse` of the evaluation: only a metric with the very value is the same one.
    private bool SpeaksOf(ModelEvaluation evaluation, ExpRow row) =>
        evaluation.Metric(this.metric) is { } measured && ExperimentValues.Number(row.Metric(column)) is { } shown && Math.Abs(measured.Value - shown) <= Tolerance * Math.Max(Math.Abs(shown), 1e-12);

    private static ModelEvaluation? Read(byte[] bytes)
    {
        try
        {
            return ModelEvaluation.Read(bytes);
        }
        catch (EvaluationException)
        {
            return null;
        }
    }
}
