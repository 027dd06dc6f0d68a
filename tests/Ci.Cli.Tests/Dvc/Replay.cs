using System.Diagnostics;
using System.Text.RegularExpressions;
using Ci.Testing;

namespace Ci.Cli.Tests.Dvc;

/// <summary>Does again what a transcript tells, with our command line, and compares exit codes and what is stable of the answers.</summary>
internal sealed partial class Replay : IDisposable
{
    // Verbs that this replay does not compare: they belong to other rooms, or DVC has what this product has not.
    // The lead shrinks this list as they arrive.
    private static readonly string[] Others =
    [
        "diff", "ls", "get", "import", "import-url", "update", "gc", "dag", "remove", "move", "unprotect", "exp", "remote", "freeze", "unfreeze", "config", "stage", "data",
        "metrics", "params", "plots", "nosuchcmd", "artifacts",
    ];

    private readonly TemporaryFolder folder = new();
    private readonly string fixture;
    private readonly string state;
    private readonly Dictionary<string, string> environment = new(GitIsolation.Environment) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["SHELL"] = "/bin/bash" };

    /// <param name="name">The fixture's.</param>
    /// <param name="state">Its folder with the state at the end.</param>
    public Replay(string name, string state = "tree")
    {
        this.state = state;
        this.fixture = RepositoryRoot.At("tests", "Fixtures", "dvc", name);
        Directory.CreateDirectory(this.folder.Of("r/.git"));
    }

    public string Root => this.folder.Of("r");

    /// <summary>What differed, but for what was foreseen.</summary>
    public string Differences { get; private set; } = "";

    public void Dispose() => this.folder.Dispose();

    public void Write(string path, string text) => this.folder.Write("r/" + path, text);

    public string Read(string path) => File.ReadAllText(this.folder.Of("r/" + path));

    /// <summary>Takes files of the fixture's last state.</summary>
    public void Take(params string[] paths)
    {
        foreach (var path in paths)
        {
            var from = Path.Combine(this.fixture, this.state, path);
            foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [from])
            {
                var to = Path.Combine(this.Root, Path.GetRelativePath(Path.Combine(this.fixture, this.state), file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to, overwrite: true);
            }
        }
    }

    /// <summary>Runs a line of the shell.</summary>
    public void Shell(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", line]) { WorkingDirectory = this.Root })!;
        process.WaitForExit();
    }

    /// <summary>Goes through the transcript.</summary>
    /// <param name="edits">What people did before the command of a number, which transcripts do not tell.</param>
    /// <param name="foreseen">Numbers of commands that answer otherwise on purpose, with the reason.</param>
    /// <param name="passedOver">Numbers of commands whose answers are not compared, with the reason.</param>
    public async Task RunAsync(Dictionary<int, Action<Replay>> edits, Dictionary<int, string> foreseen, Dictionary<int, string>? passedOver = null)
    {
        var all = Transcript.Read(Path.Combine(this.fixture, "transcript.txt"));
        for (var i = 0; i < all.Count; i++)
        {
            edits.GetValueOrDefault(i)?.Invoke(this);
            if (all[i].IsPipeline)
                this.Write("dvc.yaml", all[i].Command);
            else if (all[i].IsShell)
                this.Shell(all[i].Command);
            else if (!Others.Contains(all[i].Command.Split(' ')[0], StringComparer.Ordinal))
                this.Judge(i, all[i], await this.DifferenceAsync(all[i]), foreseen, passedOver ?? []);
        }
    }

    /// <summary>Paths of the fixture's last state whose text is another here.</summary>
    public IEnumerable<string> Unlike(Func<string, bool> which)
    {
        var tree = Path.Combine(this.fixture, this.state);
        foreach (var file in Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(tree, f)).Where(which).Order(StringComparer.Ordinal))
        {
            var mine = Path.Combine(this.Root, file);
            if (!File.Exists(mine) || !File.ReadAllBytes(mine).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(tree, file))))
                yield return file;
        }
    }

    /// <summary>Runs a command line.</summary>
    public async Task<(int Code, string Output, string Error)> DoAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new CliContext { Out = output, Error = error, Environment = this.environment, WorkingDirectory = this.Root, Time = TimeProvider.System };
        return (await CommandLine.RunAsync(arguments, context), output.ToString(), error.ToString());
    }

    // What was foreseen has to differ: a reason that holds no more must go.
    private void Judge(int number, Asked asked, string? difference, Dictionary<int, string> foreseen, Dictionary<int, string> passedOver)
    {
        if (!passedOver.ContainsKey(number) && difference is not null != foreseen.ContainsKey(number))
            this.Differences += $"{number}: {asked.Command}: {difference ?? "was foreseen to differ, and does not"}\n";
    }

    private async Task<string?> DifferenceAsync(Asked asked)
    {
        var (code, output, error) = await this.DoAsync([.. Words(asked.Command)]);
        if (code != asked.Code)
            return $"exit code {code} and not {asked.Code}: {output}{error}";
        var verb = asked.Command.Split(' ')[0];
        var (expected, actual) = verb switch
        {
            "status" when asked.Command.Contains("--json", StringComparison.Ordinal) => (Json(asked.Output), Json(output)),
            "status" => (asked.Output.Replace("See <https://dvc.org/doc/start> to get started!\n", "", StringComparison.Ordinal), output),
            "checkout" => (asked.Output, output),
            "repro" => (Outcomes(asked.Output), Outcomes(output)),
            _ => ("", ""),
        };
        return expected.TrimEnd() == actual.TrimEnd() ? null : $"expected\n{expected}\nactual\n{actual}\n{error}";
    }

    private static string Json(string text) => Ci.Data.PythonText.Json(Ci.Pipelines.Parameters.ParameterFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "x.json"), sortKeys: true);

    // Which stages ran, which were reused, which were passed over; in any order, since independent stages have none.
    private static string Outcomes(string output) => string.Join('\n', Outcome().Matches(output).Select(m => m.Value).Order(StringComparer.Ordinal));

    // The one path with a space in it was quoted when it was typed.
    private static IEnumerable<string> Words(string command) => command.EndsWith("файл один.txt", StringComparison.Ordinal)
        ? ["add", command["add ".Length..]] : command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("Running stage '[^']*'|Stage '[^']*' (didn't change|is cached)", RegexOptions.ExplicitCapture)]
    private static partial Regex Outcome();
}
