using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Cli.Reports;
using Ci.Evaluation;
using Ci.Forges;
using Ci.Jobs;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops report post</c>: one report on every surface that the job may use.</summary>
internal static class ReportPostVerb
{
    private static readonly Argument<string> File = new("report.json") { Description = "The report as data.", DefaultValueFactory = _ => "report/report.json" };
    private static readonly Option<string?> Bundle = new("--bundle") { Description = "Post a bundle instead, which a job without rights made (`mlops report bundle`): checked against this job's event and the forge." };
    private static readonly Option<string> Key = new("--key", "-k") { Description = "What the comment is about: one comment a key.", DefaultValueFactory = _ => "report" };
    private static readonly Option<int?> Pr = new("--pr") { Description = "The pull request. Default: the job's." };
    private static readonly Option<string?> Sha = new("--commit-sha", "--head-sha") { Description = "The commit reported on. Default: the job's, else the report's." };
    private static readonly Option<string> Pictures = new("--pictures") { Description = "auto: pictures where the forge keeps them, else Mermaid; images, mermaid or none.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<bool> NoComment = new("--no-comment") { Description = "Post no comment." };
    private static readonly Option<bool> NoCheck = new("--no-check") { Description = "Put no check on the commit." };
    private static readonly Option<bool> NoSummary = new("--no-summary") { Description = "Write nothing on the job's summary page." };
    private static readonly Option<bool> NoAnnotations = new("--no-annotations") { Description = "Annotate no lines of the gate file." };
    private static readonly Option<string?> Gates = new("--gates") { Description = "The gate file whose lines are annotated. Default: gates.yaml, where it is there; for a bundle none." };
    private static readonly Option<string?> JUnit = new("--junit") { Description = "Also write the gates as a JUnit file, for test widgets." };
    private static readonly Option<string?> OpenMetrics = new("--open-metrics") { Description = "Also write the metrics as OpenMetrics text, for GitLab's metrics widget." };
    private static readonly Option<string?> Out = new("--out") { Description = "Also write the whole report there, to keep with the run (what `mlops report` writes)." };
    private static readonly Option<bool> AcceptFork = new("--accept-fork-verdict") { Description = "Let a pass that a fork's job measured be a success. Without it the check asks a person: anyone can claim a number." };

    static ReportPostVerb() => Pictures.AcceptOnlyFromAmong("auto", "images", "mermaid", "none");

    public static Command Create(CliContext context)
    {
        var command = ForgeSettings.AddTo(new Command("post", "Post a report on every surface that the job may use: comment, check, summary, annotations, widget files, log.")
        {
            File, Bundle, Key, Pr, Sha, ReportCheckVerb.Name, Pictures, NoComment, NoCheck, NoSummary, NoAnnotations, Gates, JUnit, OpenMetrics, Out, AcceptFork,
        });
        return command.Does(context, (parsed, ct) => RunAsync(context, parsed, ct));
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        foreach (var option in (Option<string?>[])[JUnit, OpenMetrics])
            OutputPlace.Check(context, option.Name, parsed.GetValue(option));
        var settings = ForgeSettings.Of(context, parsed);
        foreach (var warning in settings.Job.Warnings)
            context.Note($"mlops: warning: {warning}");
        using var forge = settings.NamesRepository ? settings.Open() : null;
        var request = await RequestAsync(context, parsed, settings, forge, ct);
        List<Surface> surfaces = [.. await FilesAsync(context, parsed, request.Report, ct), .. await new ReportPosting(settings, forge).PostAsync(request, ct)];
        Tell(context, parsed, request.Report, surfaces);
        return ExitCode.Ok;
    }

    private static async Task<PostRequest> RequestAsync(CliContext context, ParseResult parsed, ForgeSettings settings, IForge? forge, CancellationToken ct)
    {
        var (report, number, commit) = parsed.GetValue(Bundle) is { } bundle
            ? await BundledAsync(context, parsed, settings, forge, bundle, ct)
            : Own(context, parsed, settings);
        return new PostRequest
        {
            Report = report,
            Target = number is { } pull ? CommentTarget.OfPullRequest(pull) : null,
            Commit = commit,
            Key = parsed.GetValue(Key)!,
            Check = parsed.GetValue(ReportCheckVerb.Name)!,
            Pictures = parsed.GetValue(Pictures)!,
            WantsComment = !parsed.GetValue(NoComment),
            WantsCheck = !parsed.GetValue(NoCheck),
            WantsSummary = !parsed.GetValue(NoSummary),
            WantsAnnotations = !parsed.GetValue(NoAnnotations),
            // The lines of this checkout's file are not those of the fork's.
            Gates = parsed.GetValue(Bundle) is not null && parsed.GetValue(Gates) is null ? GateLines.None : GateLines.Read(context, parsed.GetValue(Gates)),
            AcceptsForkVerdict = parsed.GetValue(AcceptFork),
        };
    }

    private static (Report Report, int? PullRequest, string? Commit) Own(CliContext context, ParseResult parsed, ForgeSettings settings)
    {
        var report = ReportDocuments.ReadAs(context, parsed.GetValue(File)!, bytes => Report.Read(bytes));
        var known = parsed.GetValue(Sha) ?? (settings.NamesCommit ? null : report.Lineage.Commit);
        return (report, settings.PullRequest(parsed.GetValue(Pr)), known is null && !settings.NamesCommit ? null : settings.Commit(known));
    }

    private static async Task<(Report Report, int? PullRequest, string? Commit)> BundledAsync(
        CliContext context, ParseResult parsed, ForgeSettings settings, IForge? forge, string bundle, CancellationToken ct)
    {
        if (parsed.GetValue(Pr) is not null || parsed.GetValue(Sha) is not null)
            throw new CliException("--pr and --commit-sha do not go with --bundle: both come from the event and the forge", ExitCode.Usage);
        var path = context.FullPath(bundle);
        if (!Path.Exists(path))
            throw new CliException($"{bundle} is not there; `mlops report bundle` makes it, and an artifact brings it from the other job");
        var opened = ReportBundle.Open(path);
        return forge is null
            ? throw new CliException("which repository? Give --repository OWNER/NAME, or run this in a job of the forge", ExitCode.Usage)
            : await BundleTrust.CheckAsync(context, opened, settings.Job, forge, ct);
    }

    private static async Task<IEnumerable<Surface>> FilesAsync(CliContext context, ParseResult parsed, Report report, CancellationToken ct)
    {
        List<Surface> written = [];
        if (parsed.GetValue(JUnit) is { } junit)
            Write("junit", junit, JUnitReport.Render(report, parsed.GetValue(Gates) ?? "gates.yaml"));
        if (parsed.GetValue(OpenMetrics) is { } metrics)
            Write("open-metrics", metrics, Encoding.UTF8.GetBytes(OpenMetricsText.Render(report)));
        if (parsed.GetValue(Out) is { } folder)
        {
            OutputPlace.CheckFolder(context, "--out", folder);
            var files = await ReportFolder.WriteAsync(report, context.FullPath(folder), png: false, ct);
            written.Add(new Surface("files", SurfaceState.Posted, $"{files.Count} in {folder}"));
        }

        return written;

        void Write(string name, string path, byte[] bytes)
        {
            SmallFile.Write(context, path, bytes);
            written.Add(new Surface(name, SurfaceState.Posted, path));
        }
    }

    // The log is the surface that is always there.
    private static void Tell(CliContext context, ParseResult parsed, Report report, IReadOnlyList<Surface> surfaces)
    {
        var headline = Ci.Reporting.Headline.Of(report).ToString();
        foreach (var surface in surfaces.Where(surface => surface.State is SurfaceState.Refused or SurfaceState.Unavailable))
            context.Note($"mlops: {surface}");
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["headline"] = headline,
                ["outcome"] = report.Outcome.ToString().ToLowerInvariant(),
                ["measuredBy"] = report.Lineage.MeasuredBy,
                ["surfaces"] = new JsonArray([.. surfaces.Select(surface => (JsonNode)surface.ToJson())]),
            });
            return;
        }

        context.Line(LogText.Line(headline));
        foreach (var gate in report.Gates.Where(gate => !gate.Skipped && gate.Outcome != Outcome.Pass).OrderBy(gate => gate.Outcome == Outcome.Regress ? 0 : 1))
            context.Line($"  {GateWords.Word(gate)}: {LogText.Line($"{GateWords.Title(gate)}: {GateWords.Reason(gate)}")}");
        foreach (var surface in surfaces.Where(surface => surface.State == SurfaceState.Posted))
            context.Line($"  {surface}");
    }
}
