using System.Text;

namespace Ci.Testing;

/// <summary>
/// docs/guide/command-line.md out of what <c>--help</c> says, verb by verb. The build writes the page from the published binary, and a
/// test composes it again from the verbs themselves.
/// </summary>
public static class CommandLinePage
{
    /// <summary>The command that writes the page.</summary>
    public const string Remedy = "dotnet run --project build -- docs";

    private const string Head = $"""
        # The command line

        What `mlops --help` says, verb by verb. This page is written by `{Remedy}`, and a test holds it to the verbs.

        Every verb also takes `--json` (one JSON document on standard output), `-v`, `--verbose` (the stack trace of an error) and `-h`,
        `--help`; the lists below leave them out. Exit codes: [exit-codes.md](exit-codes.md). Where a value is not given as an option it
        is looked up in the environment, then in the repository's `mlops.yaml`; secrets come from the environment alone.

        """;

    private static readonly string[] Everywhere = ["  -?, -h, --help ", "  --json ", "  -v, --verbose "];

    /// <summary>Where the page lies.</summary>
    public static string File { get; } = RepositoryRoot.At("docs", "guide", "command-line.md");

    /// <param name="help">What the program writes for these words and <c>--help</c>.</param>
    public static async Task<string> ComposeAsync(Func<IReadOnlyList<string>, Task<string>> help)
    {
        var page = new StringBuilder(Head);
        await AppendAsync(page, [], help);
        return page.ToString();
    }

    private static async Task AppendAsync(StringBuilder page, IReadOnlyList<string> words, Func<IReadOnlyList<string>, Task<string>> help)
    {
        var lines = (await help(words)).ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToList();
        var shown = words.Count == 0 ? lines : WithoutEverywhere(lines);
        page.Append('\n').Append('#', Math.Min(words.Count, 2) + 2).Append(" mlops").AppendJoin("", words.Select(word => ' ' + word))
            .Append("\n\n```text\n").AppendJoin('\n', shown).Append("\n```\n");
        foreach (var command in Commands(lines))
            await AppendAsync(page, [.. words, command], help);
    }

    private static List<string> WithoutEverywhere(List<string> lines)
    {
        var kept = lines.Where(line => !Everywhere.Any(start => line.StartsWith(start, StringComparison.Ordinal))).ToList();
        // A heading without options below it says nothing.
        var heading = kept.IndexOf("Options:");
        if (heading >= 0 && (heading + 1 == kept.Count || kept[heading + 1].Length == 0))
            kept.RemoveRange(heading, Math.Min(2, kept.Count - heading));
        while (kept.Count > 0 && kept[^1].Length == 0)
            kept.RemoveAt(kept.Count - 1);
        return kept;
    }

    private static IEnumerable<string> Commands(List<string> lines) => lines
        .SkipWhile(line => line != "Commands:")
        .Skip(1)
        .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
        .Where(line => line[2] != ' ')
        .Select(line => line.Trim().Split(' ', ',')[0]);
}
