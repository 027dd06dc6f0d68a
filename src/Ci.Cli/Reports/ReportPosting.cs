using Ci.Evaluation;
using Ci.Forges;
using Ci.Jobs;
using Ci.Reporting;

namespace Ci.Cli.Reports;

/// <summary>Puts a report on every surface that the job may use. None of them decides anything: what is refused is told, and the others go on.</summary>
internal sealed class ReportPosting(ForgeSettings settings, IForge? forge)
{
    // The sticky marker's line and the forge's own idea of a character stay below this.
    private const int Margin = 1024;

    // GitHub shows ten annotations of a level a step and drops the others.
    private const int MostAnnotations = 10;

    private readonly IJob job = settings.Job;

    public async Task<IReadOnlyList<Surface>> PostAsync(PostRequest request, CancellationToken ct)
    {
        var (options, pictures) = await ReportPictures.PublishAsync(request, forge, ct);
        var (summary, held) = this.Summary(request, options);
        options = options with { Summary = held };
        var comment = await this.CommentAsync(request, options, ct);
        var (check, isRun) = await this.CheckAsync(request, options, ct);
        return [comment, check, summary, this.Annotate(request, isRun), pictures];
    }

    // First, for the comment says which of its sections are found there.
    private (Surface Surface, IReadOnlyCollection<string>? Held) Summary(PostRequest request, MarkdownOptions options)
    {
        if (!request.WantsSummary)
            return (Surface.Skip("summary", "--no-summary"), null);
        if (this.job.SummaryRoom <= Margin)
            return (Surface.Skip("summary", this.job.SummaryRoom > 0 ? "the job's summary is full" : "this job has no summary page"), null);
        var rendered = MarkdownReport.Render(request.Report, options with { Limit = (int)this.job.SummaryRoom - 2 });
        return this.job.AppendSummary(rendered.Text)
            ? (new Surface("summary", SurfaceState.Posted, rendered.Moved.Count == 0 ? "whole" : $"without {string.Join(", ", rendered.Moved)}", this.job.RunUrl), rendered.Sections)
            : (Surface.Skip("summary", "the job's summary is full"), null);
    }

    private async Task<Surface> CommentAsync(PostRequest request, MarkdownOptions options, CancellationToken ct)
    {
        if (!request.WantsComment)
            return Surface.Skip("comment", "--no-comment");
        if (forge is null || request.Target is not { } target)
            return Surface.Skip("comment", forge is null ? "no repository is known" : "this job runs for no pull request (--pr NUMBER)");
        try
        {
            var rendered = MarkdownReport.Render(request.Report, options with { Limit = forge.Comments.BodyLimit - Margin });
            var outcome = await StickyComment.PutAsync(forge.Comments, target, request.Key, rendered.Text, settings.Stamp(request.Commit ?? ""), ct);
            this.job.SetOutput("comment-url", outcome.Url.AbsoluteUri);
            var moved = rendered.Moved.Count == 0 ? "" : $", without {string.Join(", ", rendered.Moved)}";
            return new Surface("comment", SurfaceState.Posted, $"{outcome.Action.ToString().ToLowerInvariant()} on {target}{moved}", outcome.Url);
        }
        catch (ForgeException error)
        {
            return Surface.Of("comment", error);
        }
    }

    private async Task<(Surface Surface, bool IsRun)> CheckAsync(PostRequest request, MarkdownOptions options, CancellationToken ct)
    {
        if (!request.WantsCheck)
            return (Surface.Skip("check", "--no-check"), false);
        if (forge is null || request.Commit is null)
            return (Surface.Skip("check", forge is null ? "no repository is known" : "no commit is known (--commit-sha)"), false);
        try
        {
            var receipt = await forge.Checks.PutAsync(ReportCheck.Of(request, options, this.job.RunUrl), ct);
            return (new Surface("check", SurfaceState.Posted, $"{request.Check} on {request.Commit[..7]} as a {receipt.Kind}", receipt.Url), receipt.Kind == "check-run");
        }
        catch (ForgeException error)
        {
            return (Surface.Of("check", error), false);
        }
    }

    // A check run carries its own; else the log does, as workflow commands where the runner reads those.
    private Surface Annotate(PostRequest request, bool isRun)
    {
        if (!request.WantsAnnotations)
            return Surface.Skip("annotations", "--no-annotations");
        var open = request.Report.Gates.Count(gate => !gate.Skipped && gate.Outcome != Outcome.Pass);
        var notes = ReportCheck.Annotations(request).ToList();
        if (open == 0)
            return Surface.Skip("annotations", "every gate passes");
        if (notes.Count == 0)
            return Surface.Skip("annotations", "the gate file is not here (--gates)");
        if (isRun)
            return new Surface("annotations", SurfaceState.Posted, $"{notes.Count} with the check");
        foreach (var note in notes.GroupBy(note => note.Level).SelectMany(group => group.Take(MostAnnotations)))
            this.job.Annotate(note.Level == CheckAnnotationLevel.Failure ? AnnotationLevel.Error : AnnotationLevel.Warning, note.Path, note.Line, note.Title, note.Message);
        return new Surface("annotations", SurfaceState.Posted, $"{notes.Count} in the log");
    }
}
