using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary><c>checkout</c>: from the cache into the workspace.</summary>
internal static class CheckoutVerb
{
    public static Command Create(CliContext context)
    {
        var force = new Option<bool>("--force", "-f") { Description = "Also overwrite files whose content is nowhere else." };
        var summary = new Option<bool>("--summary") { Description = "Only say how many files changed." };
        var relink = new Option<bool>("--relink") { Description = "Put every file back anew, such as after `cache.type` was changed." };
        var allowMissing = new Option<bool>("--allow-missing") { Description = "Data that is not in the cache is no error." };
        var arguments = new TransferArguments();
        var command = arguments.AddTo(new Command("checkout", "Put tracked data from the cache into the workspace."), moves: false, globs: false);
        foreach (var option in new Option[] { force, summary, relink, allowMissing })
            command.Options.Add(option);
        return command.Does(context, parsed =>
        {
            var pipeline = DataVerbs.Load(context);
            var outputs = arguments.Workspace(context, parsed, pipeline);
            var result = new CheckoutResult();
            if (parsed.GetValue(relink))
                Relink(pipeline, outputs);
            WorkspaceCheckout.Run(pipeline, outputs, parsed.GetValue(force), result);
            Report(context, parsed, result, parsed.GetValue(summary), parsed.IsQuiet());
            var problems = parsed.GetValue(allowMissing) ? result.Problems : [.. result.Missing.Select(m => m.Problem), .. result.Problems];
            if (problems.Count > 0)
                throw new CliException(string.Join('\n', problems));
            if (parsed.GetValue(relink) && !parsed.IsJson() && !parsed.IsQuiet())
                context.Line("Relinked successfully");
            return ExitCode.Ok;
        });
    }

    // Only what is unchanged and whole in the cache: removing it loses nothing, and it comes back the way the settings say.
    private static void Relink(Pipeline pipeline, IReadOnlyList<TrackedOutput> outputs)
    {
        var project = pipeline.Project;
        foreach (var output in outputs.Where(o => o.Only is null && project.Workspace.DigestOf(o.Path)?.Md5 == o.Digest.Md5 && project.Cache.HasAll(o.Digest.Md5)))
        {
            project.Workspace.Remove(output.Path);
            project.Workspace.Restore(output.Path, output.Digest);
        }
    }

    private static void Report(CliContext context, ParseResult parsed, CheckoutResult result, bool summary, bool quiet)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["added"] = DataVerbs.Array(result.Done.Where(d => d.Letter == 'A').Select(d => d.Path)),
                ["modified"] = DataVerbs.Array(result.Done.Where(d => d.Letter == 'M').Select(d => d.Path)),
                ["missing"] = DataVerbs.Array(result.Missing.Select(m => m.Path)),
            });
        }
        else if (quiet)
            return;
        else if (summary)
            context.Line(result.Summary() is { Length: > 0 } text ? text : "No changes.");
        else
        {
            foreach (var (letter, path) in result.Ordered)
                context.Line($"{letter}       {path}");
        }
    }
}
