namespace Ci.Jobs.GitHubActions;

/// <summary>
/// The inputs of our action, as the runner hands them to a container: variables named INPUT_ and the input's name in capitals.
/// Not as arguments: the runner writes those between quotes and takes no care of backslashes before them.
/// </summary>
public sealed record ActionInputs
{
    private const int MostCharacters = 64 * 1024;
    private const int MostLines = 200;
    private const string Prefix = "INPUT_";

    // Of the runner's services: a `run:` step sees none of these, and neither do the commands of a stage.
    private static readonly string[] RunnersOwn = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RUNTIME_URL", "ACTIONS_CACHE_URL", "ACTIONS_RESULTS_URL"];

    private ActionInputs()
    {
    }

    public ActionMode Mode { get; private init; }

    /// <summary>Where to run, below the checkout.</summary>
    public string WorkingDirectory { get; private init; } = ".";

    /// <summary>Exit codes after which the next line still runs.</summary>
    public IReadOnlyList<int> ContinueOn { get; private init; } = [];

    /// <summary>The token for the forge; null where none was given.</summary>
    public string? Token { get; private init; }

    /// <summary>What to run, in order: a line as shown, and its words.</summary>
    public IReadOnlyList<ActionLine> Lines { get; private init; } = [];

    /// <summary>Reads all inputs before anything runs; tells every mistake at once.</summary>
    /// <exception cref="JobException">What is wrong with which input, and how to write it.</exception>
    public static ActionInputs Read(IReadOnlyDictionary<string, string> environment)
    {
        var problems = new List<string>();
        var mode = ModeOf(Text(environment, "mode"), problems);
        var given = LinesOf(Text(environment, "command"), problems);
        if (given.Count == 0 && mode != ActionMode.Report && problems.Count == 0)
            problems.Add("the input `command` is empty: write one command line of mlops a line, such as `repro`");
        var inputs = new ActionInputs
        {
            Mode = mode,
            WorkingDirectory = FolderOf(Text(environment, "working-directory"), problems),
            ContinueOn = CodesOf(Text(environment, "continue-on-exit-codes"), mode, problems),
            Token = Text(environment, "token") is { Length: > 0 } token ? token : null,
            Lines = [.. given, .. Reporting(mode, name => Text(environment, name), problems)],
        };
        return problems.Count == 0 ? inputs : throw new JobException(string.Join("; ", problems));
    }

    /// <summary>What the command lines see: the token under the name that they read, none of the inputs, and none of the runner's own keys.</summary>
    public IReadOnlyDictionary<string, string> Environment(IReadOnlyDictionary<string, string> environment)
    {
        var seen = environment
            .Where(variable => !variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && !RunnersOwn.Contains(variable.Key, StringComparer.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        if (this.Token is not null)
            seen["MLOPS_TOKEN"] = this.Token;
        return seen;
    }

    private static string Text(IReadOnlyDictionary<string, string> environment, string input) =>
        environment.GetValueOrDefault(Prefix + input.ToUpperInvariant(), "").Trim();

    private static ActionMode ModeOf(string text, List<string> problems)
    {
        switch (text)
        {
            case "" or "run":
                return ActionMode.Run;
            case "evaluate":
                return ActionMode.Evaluate;
            case "report":
                return ActionMode.Report;
            default:
                problems.Add($"the input `mode` is run, evaluate or report, not '{Shown(text)}'");
                return ActionMode.Run;
        }
    }

    private static List<ActionLine> LinesOf(string commands, List<string> problems)
    {
        var lines = new List<ActionLine>();
        if (commands.Length > MostCharacters)
        {
            problems.Add($"the input `command` has {commands.Length} characters; {MostCharacters} are allowed. Put what is longer into a stage of dvc.yaml");
            return lines;
        }

        var number = 0;
        foreach (var raw in commands.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            try
            {
                lines.Add(new ActionLine(line, CommandWords.Of(line, number)));
            }
            catch (JobException wrong)
            {
                problems.Add(wrong.Message);
            }
        }

        if (lines.Count > MostLines)
            problems.Add($"the input `command` has {lines.Count} command lines; {MostLines} are allowed");
        return lines;
    }

    // Below the checkout: what a workflow names may come from a matrix or an event.
    private static string FolderOf(string text, List<string> problems)
    {
        if (text.Length == 0)
            return ".";
        if (Path.IsPathRooted(text) || text.Split('/').Contains("..", StringComparer.Ordinal))
            problems.Add($"the input `working-directory` is a folder below the checkout, not '{Shown(text)}'");
        return text;
    }

    private static IReadOnlyList<int> CodesOf(string text, ActionMode mode, List<string> problems)
    {
        var codes = new SortedSet<int>();
        foreach (var word in text.Split([' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Length <= 3 && word.All(char.IsAsciiDigit) && int.Parse(word, System.Globalization.CultureInfo.InvariantCulture) is > 0 and < 256 and var code)
                codes.Add(code);
            else
                problems.Add($"the input `continue-on-exit-codes` is numbers from 1 to 255, such as `3 4`, not '{Shown(text)}'");
        }

        // A verdict is a result: its report must be made all the same.
        return mode == ActionMode.Evaluate ? [.. codes.Append(3).Append(4).Distinct().Order()] : [.. codes];
    }

    private static IEnumerable<ActionLine> Reporting(ActionMode mode, Func<string, string> input, List<string> problems)
    {
        var (bundle, key, figures) = (input("bundle"), input("key"), input("figures"));
        if (mode != ActionMode.Report && (key.Length > 0 || figures.Length > 0))
            problems.Add("the inputs `key` and `figures` belong to `mode: report`; a command line takes `--key` and `--pictures` itself");
        if (mode == ActionMode.Run && bundle.Length > 0)
            problems.Add("the input `bundle` belongs to `mode: evaluate` and `mode: report`");
        if (figures is not ("" or "auto" or "images" or "mermaid" or "none"))
            problems.Add($"the input `figures` is auto, images, mermaid or none, not '{Shown(figures)}'");
        var file = bundle.Length > 0 ? bundle : "bundle.zip";
        return mode switch
        {
            ActionMode.Evaluate => [Line(["report", "bundle", "--out", file])],
            ActionMode.Report => [Line(["report", "post", "--bundle", file, .. Option("--key", key), .. Option("--pictures", figures)])],
            _ => [],
        };
    }

    private static string[] Option(string name, string value) => value.Length > 0 ? [name, value] : [];

    private static ActionLine Line(params string[] words) => new(string.Join(' ', words), words);

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
