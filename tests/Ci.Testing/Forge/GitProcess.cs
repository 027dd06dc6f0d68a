using System.Diagnostics;
using System.Text;

namespace Ci.Testing.Forge;

/// <summary>Runs git in a bare repository, independent of the machine's configuration.</summary>
internal static class GitProcess
{
    public sealed record Outcome(int ExitCode, byte[] Output, string Error)
    {
        public string Text => Encoding.UTF8.GetString(this.Output).TrimEnd('\n');
    }

    public static Outcome Try(string repository, byte[]? input, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        var start = StartInfo(repository, variables);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(async () =>
        {
            if (input is not null)
                await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        return new Outcome(process.ExitCode, output.ToArray(), error.GetAwaiter().GetResult());
    }

    public static string Run(string repository, params string[] arguments) => Run(repository, null, arguments);

    public static string Run(string repository, byte[]? input, string[] arguments)
    {
        var outcome = Try(repository, input, null, arguments);
        return outcome.ExitCode == 0
            ? outcome.Text
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} in {repository}: {outcome.Error}");
    }

    public static ProcessStartInfo StartInfo(string repository, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = repository,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return start;
    }
}
