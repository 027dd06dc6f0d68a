using System.CommandLine;

namespace Ci.Build;

internal static class Commands
{
    /// <summary>A task as a command: a <see cref="BuildException"/> becomes one line on standard error and exit code 1.</summary>
    public static Command For(IBuildTask task, BuildContext context)
    {
        var command = new Command(task.Name, task.Summary);
        foreach (var option in task.Options)
            command.Options.Add(option);
        foreach (var argument in task.Arguments)
            command.Arguments.Add(argument);
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await task.RunAsync(context, parsed, cancellation);
            }
            catch (BuildException error)
            {
                await Console.Error.WriteLineAsync($"build: {error.Message}");
                return 1;
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync("build: interrupted");
                return 130;
            }
        });
        return command;
    }
}
