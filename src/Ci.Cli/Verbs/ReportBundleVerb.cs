using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops report bundle</c>: what a job without rights hands to one that may post.</summary>
internal static class ReportBundleVerb
{
    private static readonly Option<string> ReportFile = new("--report") { Description = "The report as data.", DefaultValueFactory = _ => "report/report.json" };
    private static readonly Option<string> Evaluation = new("--evaluation") { Description = "The candidate's evaluation.", DefaultValueFactory = _ => "evaluation.json" };
    private static readonly Option<string> Verdict = new("--verdict") { Description = "What the gates say.", DefaultValueFactory = _ => "verdict.json" };
    private static readonly Option<int?> Pr = new("--pr") { Description = "The pull request. Default: the job's." };
    private static readonly Option<string?> Sha = new("--commit-sha", "--head-sha") { Description = "The commit that was measured. Default: the job's." };
    private static readonly Option<string> Out = new("--out") { Description = "The bundle: a file NAME.zip, or a new folder.", DefaultValueFactory = _ => "bundle.zip" };

    public static Command Create(CliContext context)
    {
        var command = new Command("bundle", "Pack report, evaluation and verdict for a job that may post them: `mlops report post --bundle`.") { ReportFile, Evaluation, Verdict, Pr, Sha, Out };
        return ForgeSettings.AddTo(command).Does(context, parsed =>
        {
            var output = parsed.GetValue(Out)!;
            var settings = ForgeSettings.Of(context, parsed);
            var number = settings.PullRequest(parsed.GetValue(Pr));
            var commit = settings.Commit(parsed.GetValue(Sha));
            if (commit.Length is not (40 or 64))
                throw new CliException($"'{commit}' is an abbreviated commit; a bundle names the whole id", ExitCode.Usage);
            var files = ReportBundle.Make(
                number, commit, ReportDocuments.ReadFile(context, parsed.GetValue(ReportFile)!), ReportDocuments.ReadFile(context, parsed.GetValue(Evaluation)!), ReportDocuments.ReadFile(context, parsed.GetValue(Verdict)!));
            Write(context, output, files);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["bundle"] = context.FullPath(output), ["pullRequest"] = number, ["commit"] = commit });
            else
                context.Line($"{output}: the report on {commit[..7]}{(number is { } pull ? $", pull request #{pull}" : "")}");
            return ExitCode.Ok;
        });
    }

    private static void Write(CliContext context, string output, IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        if (output.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            OutputPlace.Check(context, "--out", output);
            SmallFile.Write(context, output, ReportBundle.Pack(files));
            return;
        }

        OutputPlace.CheckFolder(context, "--out", output);
        var folder = context.FullPath(output);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(path => files.All(file => file.Name != Path.GetFileName(path))))
            throw new CliException($"{output} holds other things than a bundle: name an empty or new folder with --out");
        foreach (var (name, bytes) in files)
            SmallFile.Write(context, Path.Combine(output, name), bytes);
    }
}
