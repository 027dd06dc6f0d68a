using System.CommandLine;
using System.Globalization;
using Ci.Jobs;
using Ci.Jobs.GitHubActions;

namespace Ci.Cli.Verbs;

/// <summary>
/// <c>mlops action</c>: what the action's container starts. One process for all command lines: it starts once, no shell reads a line, and what
/// protects the runner from a stage's output never leaves it.
/// </summary>
internal static class ActionVerb
{
    public const string Summary = "Run the command lines of the action's inputs; what the action's container starts.";

    public static Command Create(CliContext context) => new Command("action", Summary).Does(context, (_, _) => RunAsync(context));

    private static async Task<int> RunAsync(CliContext context)
    {
        // Guid: a stage must not guess the word.
        await using var log = new StepLog(context.Out, Guid.NewGuid().ToString("N"), context.Variable("GITHUB_ACTIONS") == "true");
        var job = DetectJob(context, log);
        int code;
        try
        {
            var inputs = ActionInputs.Read(context.Environment);
            if (inputs.Token is { } token)
                log.Mask(token);
            code = await RunAsync(InsideStep(context, inputs, log), inputs, log);
        }
        catch (JobException wrong)
        {
            log.WriteLine($"mlops: {wrong.Message}");
            log.Annotate(AnnotationLevel.Error, "mlops action", wrong.Message);
            code = ExitCode.Usage;
        }

        job?.SetOutput("exit-code", code.ToString(CultureInfo.InvariantCulture));
        return code;
    }

    private static async Task<int> RunAsync(CliContext step, ActionInputs inputs, StepLog log)
    {
        var code = ExitCode.Ok;
        foreach (var line in inputs.Lines)
        {
            log.Begin($"mlops {line.Text}");
            var ended = await CommandLine.RunAsync([.. line.Words], step);
            log.End();
            if (ended == ExitCode.Ok)
                continue;
            var goesOn = inputs.ContinueOn.Contains(ended);
            // The first verdict is how it ends, unless a later line fails otherwise.
            if (!goesOn || code == ExitCode.Ok)
            {
                code = ended;
                Tell(log, line, ended);
            }

            if (!goesOn)
                break;
        }

        return code;
    }

    private static void Tell(StepLog log, ActionLine line, int code)
    {
        var verb = string.Join(' ', line.Words.Skip(line.Words is ["--cd", _, ..] ? 2 : 0).TakeWhile(word => word.Length > 0 && char.IsAsciiLetterLower(word[0])).Take(2));
        var why = code switch
        {
            ExitCode.Regress => "a gate says that the candidate is worse",
            ExitCode.Inconclusive => "the evidence does not suffice for a verdict",
            _ => log.LastProblem ?? "its lines of the log say why",
        };
        var level = code is ExitCode.Regress or ExitCode.Inconclusive ? AnnotationLevel.Warning : AnnotationLevel.Error;
        log.Annotate(level, $"mlops {verb}", string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}: {why}"));
    }

    private static CliContext InsideStep(CliContext context, ActionInputs inputs, StepLog log)
    {
        var folder = context.FullPath(inputs.WorkingDirectory);
        if (!Directory.Exists(folder))
            throw new JobException($"the input `working-directory` names {inputs.WorkingDirectory}, and the checkout has no such folder");
        return new CliContext
        {
            Out = log, Error = log, Environment = inputs.Environment(context.Environment), WorkingDirectory = folder, Time = context.Time,
        };
    }

    // A damaged event is told by the verbs that need it; here it costs the output alone.
    private static IJob? DetectJob(CliContext context, StepLog log)
    {
        try
        {
            return JobDetector.Detect(context.Environment, path => File.Exists(path) ? File.ReadAllText(path) : null, log);
        }
        catch (JobException)
        {
            return null;
        }
    }
}
