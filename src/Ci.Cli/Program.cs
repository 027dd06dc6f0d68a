using System.Collections;
using System.Text;
using Ci.Cli.Verbs;

namespace Ci.Cli;

internal static class Program
{
    public static Task<int> Main(string[] arguments)
    {
        // Before anything else: asking for the version loads neither the command tree nor any room.
        if (arguments is ["--version"])
        {
            Console.Out.WriteLine(VersionVerb.Number);
            return Task.FromResult(ExitCode.Ok);
        }

        var context = new CliContext
        {
            Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true },
            Error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true },
            Environment = ReadEnvironment(),
            WorkingDirectory = Directory.GetCurrentDirectory(),
            Time = TimeProvider.System,
            IsInteractive = !Console.IsErrorRedirected,
            ReadAnswer = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.ReadLine,
        };
        return CommandLine.RunAsync(arguments, context);
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
#pragma warning disable RS0030 // The composition root is the one place that reads the process environment.
        var variables = Environment.GetEnvironmentVariables();
#pragma warning restore RS0030
        return variables.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
    }
}
