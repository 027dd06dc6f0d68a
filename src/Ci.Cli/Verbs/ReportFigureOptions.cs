using System.CommandLine;
using Ci.Pipelines.Plots;
using Ci.Reporting;
using Ci.Statistics;

namespace Ci.Cli.Verbs;

/// <summary>What <c>mlops report</c> can draw besides the evaluation: learning curves, the metric's history, the pipeline's own plots.</summary>
internal sealed class ReportFigureOptions
{
    private const int UsualPlots = 20;
    private const int MostHistory = 100;
    private const long MostLogBytes = 16 << 20;

    private readonly Option<string?> learning = new("--learning") { Description = "The metrics after every iteration (CSV), as `mlops train --log` writes them: learning curves." };
    private readonly Option<string?> baselineLearning = new("--baseline-learning") { Description = "The baseline's, drawn beside them." };
    private readonly Option<int> history = new("--history") { Description = $"Draw the deciding metric over the last N commits that changed it, up to {MostHistory}." };
    private readonly Option<int?> plots = new("--plots") { Arity = ArgumentArity.ZeroOrOne, Description = $"Draw the plots that dvc.yaml names, of the workspace over HEAD: at most N (without N: {UsualPlots}; up to {ReportPlot.MostPlots})." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { this.learning, this.baselineLearning, this.history, this.plots })
            command.Options.Add(option);
        this.history.Validators.Add(result => Between(result, result.GetValueOrDefault<int>(), MostHistory));
        this.plots.Validators.Add(result => Between(result, result.GetValueOrDefault<int?>() ?? UsualPlots, ReportPlot.MostPlots));
    }

    /// <summary>The report of an input, with what was asked for.</summary>
    public async Task<Report> CompleteAsync(CliContext context, ParseResult parsed, ReportInput input, string evaluationPath, CancellationToken ct)
    {
        if (parsed.GetValue(this.learning) is { } log)
            input = input with { Learning = LearningLog.Read(ReadLog(context, log), parsed.GetValue(this.baselineLearning) is { } other ? ReadLog(context, other) : null, input.Candidate.Unit) };
        else if (parsed.GetValue(this.baselineLearning) is not null)
            throw new CliException("--baseline-learning needs --learning: the baseline's curves are drawn beside the candidate's");
        if (parsed.GetValue(this.history) is > 0 and var commits)
            input = input with { History = await MetricHistory.ReadAsync(context, input, evaluationPath, commits, ct) };
        var report = ReportBuilder.Build(input);
        return parsed.GetResult(this.plots) is { Implicit: false } ? await WithPlotsAsync(context, report, parsed.GetValue(this.plots) ?? UsualPlots, ct) : report;
    }

    private static async Task<Report> WithPlotsAsync(CliContext context, Report report, int most, CancellationToken ct)
    {
        using var views = ProjectViews.Open(context);
        var collector = new PlotCollector([], new PlotSettings());
        var revisions = await PlotsVerb.RevisionsAsync(context, views, [], ct);
        foreach (var revision in revisions.Count == 0 ? [Pipelines.Revisions.ProjectView.Workspace] : revisions)
        {
            using var view = views.Of(revision);
            collector.Add(view);
        }

        var found = collector.Plots();
        foreach (var (plot, revision, message) in collector.Problems)
            context.Note($"mlops: {plot} ({revision}): {message}");
        if (found.Count + collector.Pictures.Count == 0)
            context.Note("mlops: --plots: no plots were loaded; `plots` of dvc.yaml name the files with points");
        var complete = ReportPlots.With(report, [.. found.Select(PlotCards.Of)], [.. collector.Pictures.Select(PlotCards.Of)], most);
        if (complete.PlotsLeftOut > 0)
            context.Note($"mlops: {complete.PlotsLeftOut} plots are left out of the report: it takes --plots {most}, raster pictures only, and {ReportPlotPicture.MostBytes / 1000} kB of pictures");
        return complete;
    }

    private static Table ReadLog(CliContext context, string path)
    {
        var file = new FileInfo(context.FullPath(path));
        if (!file.Exists)
            throw new CliException($"{path} is not there; `mlops train --log {path}` writes it");
        if (file.Length > MostLogBytes)
            throw new CliException($"{path} has {file.Length} bytes; at most {MostLogBytes} are read: keep one row an epoch, not one a batch");
        using var reader = file.OpenText();
        return Table.ReadCsv(reader, path);
    }

    private static void Between(System.CommandLine.Parsing.OptionResult result, int value, int most)
    {
        if (value < 1 || value > most)
            result.AddError($"{result.Option.Name} takes a number from 1 to {most}, not {value}");
    }
}
