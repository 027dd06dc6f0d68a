using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Cli.Baselines;
using Ci.Evaluation;
using Ci.Jobs;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops report</c>: evaluation and verdict become a comment, a page, figures, and the data to render them again.</summary>
internal static class ReportVerb
{
    public const string Summary = "Make the report: comment, page and figures.";

    public static Command Create(CliContext context)
    {
        var evaluation = new Option<string>("--evaluation") { Description = "The candidate's evaluation.", DefaultValueFactory = _ => "evaluation.json" };
        var verdict = new Option<string>("--verdict") { Description = "What the gates say.", DefaultValueFactory = _ => "verdict.json" };
        var baseline = new Option<string?>("--baseline") { Description = "The live model's evaluation, as `mlops release fetch` leaves it (or its note that nothing is live); or auto, as `mlops compare --baseline auto` finds it." };
        var label = new Option<string?>("--baseline-label") { Description = "What sentences call the baseline; otherwise as the verdict does (\"live v1.0.0\")." };
        var since = new Option<DateTimeOffset?>("--baseline-since") { Description = "Since when the baseline is there (ISO 8601); otherwise when the release was made that `mlops release fetch` left beside it." };
        var parameters = new Option<string?>("--params") { Description = "The parameters to show (default: params.yaml, where it is there)." };
        var baselineParameters = new Option<string?>("--baseline-params") { Description = "The baseline's parameters, to compare with." };
        var dataCheck = new Option<string?>("--data-check") { Description = "What `mlops data check` found, as a section of the report." };
        var series = new ReportFigureOptions();
        var output = Out();
        var figures = FigureFormat();
        var runUrl = new Option<string?>("--run-url") { Description = "Address of the run (default: the job's)." };
        var commit = new Option<string?>("--commit") { Description = "The commit that was evaluated (default: the job's)." };
        var command = new Command("report", Summary)
        {
            evaluation, verdict, baseline, label, since, parameters, baselineParameters, dataCheck, output, figures, runUrl, commit, Render(context), ReportPostVerb.Create(context), ReportBundleVerb.Create(context), ReportCheckVerb.CreateBegin(context), ReportCheckVerb.CreateAbort(context),
        };
        series.AddTo(command);
        return command.Does(context, async (parsed, cancellation) =>
        {
            var (finder, found) = parsed.GetValue(baseline) == BaselineFinder.Auto ? await BaselineFinder.RunAsync(context, parsed.GetValue(evaluation)!, cancellation) : (null, null);
            using var fetched = finder;
            var baselinePath = found is null ? parsed.GetValue(baseline) : found.Evaluation;
            NothingLive.CheckBaseline(context, baselinePath);
            var candidate = ReportDocuments.ReadAs(context, parsed.GetValue(evaluation)!, bytes => ModelEvaluation.Read(bytes));
            var live = BaselineRelease.Beside(context, baselinePath);
            var input = new ReportInput
            {
                Candidate = candidate,
                Verdict = ReportDocuments.ReadAs(context, parsed.GetValue(verdict)!, bytes => Verdict.Read(bytes)),
                Baseline = baselinePath is not null && File.Exists(context.FullPath(baselinePath)) ? ReportDocuments.ReadAs(context, baselinePath, bytes => ModelEvaluation.Read(bytes)) : null,
                BaselineLabel = parsed.GetValue(label) ?? found?.Label,
                BaselineSince = parsed.GetValue(since) ?? found?.Since ?? live?.Provenance.CreatedAt,
                BaselineCommit = found?.Commit ?? live?.Provenance.Commit,
                BaselineBehind = found?.Behind,
                NoBaseline = found?.WhyNone,
                Parameters = ReportedParameters.Read(context, parsed.GetValue(parameters), "params.yaml"),
                BaselineParameters = parsed.GetValue(baselineParameters) is { } other ? ReportedParameters.Read(context, other, other) : null,
                DataCheck = parsed.GetValue(dataCheck) is { } findings ? ReportDocuments.ReadAs(context, findings, bytes => DataCheck.Read(bytes)) : null,
                Lineage = ReportJob.Lineage(context, parsed.GetValue(commit), parsed.GetValue(runUrl)),
            };
            var report = await series.CompleteAsync(context, parsed, input, parsed.GetValue(evaluation)!, cancellation);
            return await WriteAsync(context, parsed, report, parsed.GetValue(output)!, parsed.GetValue(figures)!, cancellation);
        });
    }

    private static Command Render(CliContext context)
    {
        var file = new Argument<string>("report.json") { Description = "A report as data." };
        var output = Out();
        var figures = FigureFormat();
        return new Command("render", "Render a report again, from its data alone.") { file, output, figures }.Does(context, (parsed, cancellation) =>
            WriteAsync(context, parsed, ReportDocuments.ReadAs(context, parsed.GetValue(file)!, bytes => Report.Read(bytes)), parsed.GetValue(output)!, parsed.GetValue(figures)!, cancellation));
    }

    private static Option<string> Out() => new("--out") { Description = "The folder to write; what an earlier report left there is replaced.", DefaultValueFactory = _ => "report" };

    private static Option<string> FigureFormat()
    {
        var option = new Option<string>("--figures") { Description = "svg, or png (needs rsvg-convert).", DefaultValueFactory = _ => "svg" };
        option.AcceptOnlyFromAmong("svg", "png");
        return option;
    }

    private static async Task<int> WriteAsync(CliContext context, ParseResult parsed, Report report, string output, string figures, CancellationToken cancellation)
    {
        OutputPlace.CheckFolder(context, "--out", output);
        var folder = context.FullPath(output);
        var files = await ReportFolder.WriteAsync(report, folder, figures == "png", cancellation);
        var headline = Ci.Reporting.Headline.Of(report);
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["headline"] = headline.ToString(),
                ["outcome"] = report.Outcome.ToString().ToLowerInvariant(),
                ["folder"] = folder,
                ["files"] = new JsonArray([.. files.Select(file => (JsonNode)file)]),
            });
        }
        else
        {
            context.Line(LogText.Line(headline.ToString()));
            context.Line($"{Path.Combine(output, "report.md")}, report.html, report.json, {files.Count(f => f.StartsWith("figures/", StringComparison.Ordinal) && f.EndsWith(".svg", StringComparison.Ordinal))} figures");
        }

        return ExitCode.Ok;
    }
}
