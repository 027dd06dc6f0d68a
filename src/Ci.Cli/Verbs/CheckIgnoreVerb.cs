using System.CommandLine;
using Ci.Data;

namespace Ci.Cli.Verbs;

internal static class CheckIgnoreVerb
{
    public const string Summary = "Say which files .dvcignore passes over.";

    public static Command Create(CliContext context)
    {
        var targets = new Argument<string[]>("targets") { Arity = ArgumentArity.OneOrMore, Description = "Files or folders; they need not exist." };
        return new Command("check-ignore", Summary) { targets }.Does(context, parsed =>
        {
            var project = Project.Open(context.WorkingDirectory, context.Time, context.Environment);
            var ignored = parsed.GetValue(targets)!.Where(target =>
            {
                var full = Path.TrimEndingDirectorySeparator(context.FullPath(target));
                return project.Contains(full) && project.Ignore.IgnoresAnywhere(full, target.EndsWith('/') || Directory.Exists(full));
            }).ToList();
            if (parsed.IsJson())
                context.WriteJson(DataVerbs.Array(ignored));
            else
                ignored.ForEach(context.Line);
            // As of git check-ignore: 1 says that none is.
            return ignored.Count > 0 ? ExitCode.Ok : ExitCode.Error;
        });
    }
}
