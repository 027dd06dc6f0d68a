using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Evaluation;
using Ci.Forges;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops check create</c>: a check on a commit, with its conclusion from a verdict.</summary>
internal static class CheckVerb
{
    private static readonly Argument<string> File = new("file") { Description = "The Markdown file that the check shows." };
    private static readonly Option<string> Title = new("--title", "--name") { Description = "The check's name, as branch protection refers to it.", DefaultValueFactory = _ => "mlops" };
    private static readonly Option<string> VerdictFile = new("--verdict") { Description = "verdict.json: pass is success, regress failure, inconclusive action_required (a person decides)." };
    private static readonly Option<string> Conclusion = new("--conclusion") { Description = "success, failure, neutral, cancelled, skipped, timed_out or action_required. Default without a verdict: success." };
    private static readonly Option<string> Status = new("--status") { Description = "queued, in_progress or completed.", DefaultValueFactory = _ => "completed" };
    private static readonly Option<string> CommitSha = new("--commit-sha", "--head-sha") { Description = "The commit. Default: the job's." };

    public static Command Create(CliContext context)
    {
        var create = ForgeSettings.AddTo(new Command("create", "Create the check, or update ours of that name on that commit.")
        {
            File, Title, VerdictFile, Conclusion, Status, CommitSha,
        });
        return new Command("check", "Put a check on a commit.")
        {
            create.Does(context, (parsed, ct) => RunAsync(context, parsed, ct)), CheckRunVerb.Create(context), CheckRunVerb.CreateGuard(context),
        };
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var cml = new CmlVariables(context, parsed, "CML_CHECK", "CML_SEND_GITHUB_CHECK");
        var path = context.FullPath(parsed.GetRequiredValue(File));
        var markdown = MarkdownFile.Read(path);
        var status = cml.Text(Status) switch
        {
            "queued" => CheckStatus.Queued,
            "in_progress" => CheckStatus.InProgress,
            "completed" => CheckStatus.Completed,
            var other => throw new CliException($"--status is queued, in_progress or completed, not '{other}'", ExitCode.Usage),
        };
        var (conclusion, headline) = Decide(context, parsed, cml);
        var settings = ForgeSettings.Of(context, parsed, cml);
        var name = cml.Text(Title)!;
        var check = new CheckRun
        {
            Name = name,
            HeadSha = settings.Commit(cml.Text(CommitSha)),
            Status = status,
            Conclusion = status == CheckStatus.Completed ? conclusion : null,
            Title = headline ?? (status == CheckStatus.Completed ? Word(conclusion) : cml.Text(Status)!),
            Summary = markdown,
            DetailsUrl = settings.Job.RunUrl,
        };
        using var forge = settings.Open();
        var receipt = await forge.Checks.PutAsync(check, ct);
        var said = check.Conclusion is { } ended ? Word(ended) : cml.Text(Status)!;
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["name"] = name, ["conclusion"] = said, ["kind"] = receipt.Kind, ["id"] = receipt.Id, ["url"] = receipt.Url?.AbsoluteUri });
        else
            context.Line($"check {name} on {check.HeadSha[..7]}: {said}{(receipt.Kind == "check-run" ? "" : $" (as a {receipt.Kind})")}");
        return ExitCode.Ok;
    }

    private static (CheckConclusion Conclusion, string? Headline) Decide(CliContext context, ParseResult parsed, CmlVariables cml)
    {
        var word = cml.Text(Conclusion);
        if (parsed.GetValue(VerdictFile) is not { } file)
            return (word is null ? CheckConclusion.Success : OfWord(word), null);
        if (word is not null)
            throw new CliException("give either --verdict or --conclusion", ExitCode.Usage);
        var path = context.FullPath(file);
        if (!System.IO.File.Exists(path))
            throw new CliException($"{path} does not exist: `mlops compare` writes it");
        var verdict = Verdict.Read(System.IO.File.ReadAllBytes(path));
        var conclusion = verdict.Outcome switch
        {
            Outcome.Pass => CheckConclusion.Success,
            Outcome.Regress => CheckConclusion.Failure,
            _ => CheckConclusion.ActionRequired, // neutral would pass branch protection: nothing passes for want of evidence
        };
        return (conclusion, Summarise(verdict));
    }

    private static string Summarise(Verdict verdict)
    {
        int Count(Outcome outcome) => verdict.Gates.Count(gate => gate.Outcome == outcome);
        var word = verdict.Headline?.Word ?? verdict.Outcome.ToString().ToLowerInvariant();
        return $"{word}: {Count(Outcome.Pass)} gates pass, {Count(Outcome.Regress)} regress, {Count(Outcome.Inconclusive)} inconclusive";
    }

    private static CheckConclusion OfWord(string word) => Array.Find(Enum.GetValues<CheckConclusion>(), c => Word(c) == word) is var found && Word(found) == word
        ? found
        : throw new CliException($"--conclusion is one of {string.Join(", ", Enum.GetValues<CheckConclusion>().Select(Word))}, not '{word}'", ExitCode.Usage);

    private static string Word(CheckConclusion conclusion) => conclusion switch
    {
        CheckConclusion.TimedOut => "timed_out",
        CheckConclusion.ActionRequired => "action_required",
        _ => conclusion.ToString().ToLowerInvariant(),
    };
}
