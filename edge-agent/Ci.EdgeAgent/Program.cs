using System.Collections;
using System.Text;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent;

internal static class Program
{
    public static Task<int> Main(string[] arguments)
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        if (arguments is ["--version"])
        {
            output.WriteLine(AgentVersion.Number);
            return Task.FromResult(0);
        }

        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        return AgentCommandLine.RunAsync(arguments, new AgentWorld { Environment = ReadEnvironment(), Log = output }, output, error);
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
#pragma warning disable RS0030 // The composition root is the one place that reads the process environment.
        var variables = Environment.GetEnvironmentVariables();
#pragma warning restore RS0030
        return variables.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
    }
}
