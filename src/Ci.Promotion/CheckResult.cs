using System.Text;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>What the rules said about one promotion.</summary>
public sealed record CheckResult
{
    public required string Environment { get; init; }

    public required string Model { get; init; }

    public required Sha256Digest Release { get; init; }

    public string? Version { get; init; }

    public required IReadOnlyList<RuleOutcome> Rules { get; init; }

    public bool Passed => Rules.All(rule => rule.Passed);

    /// <summary>One line.</summary>
    public string Title => Passed
        ? $"{Model} {Version} may go to {Environment}: {Rules.Count} rules hold"
        : $"{Model} {Version} may not go to {Environment}: {string.Join(", ", Rules.Where(rule => !rule.Passed).Select(rule => rule.Rule))}";

    /// <summary>The table, refusals first.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder($"Release `{Release}`\n\n| rule | | why |\n| --- | --- | --- |\n");
        foreach (var rule in Rules.OrderBy(rule => rule.Passed))
            text.Append("| ").Append(rule.Rule).Append(" | ").Append(rule.Passed ? "ok" : "**no**").Append(" | ").Append(Escape(rule.Words)).Append(" |\n");
        return text.ToString();
    }

    // Words may quote commit subjects and reasons that somebody else wrote.
    private static string Escape(string words) =>
        words.Replace("\\", @"\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("@", "&#64;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
