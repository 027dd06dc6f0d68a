namespace Ci.Reporting;

/// <summary>What the foot of every rendering says of the baseline and its age.</summary>
internal static class Foot
{
    /// <summary>"no baseline: nothing is live yet".</summary>
    public static string NoBaseline(Report report) => "no baseline: " + WhyNone(report);

    public static string WhyNone(Report report) => report.NoBaseline is { Length: > 0 } why ? PlainText.Clean(why) : "nothing is live yet";

    /// <summary>"live v1, 12 days old"; "merge base 0123456, 12 days old, 3 commits behind".</summary>
    public static string Baseline(Report report)
    {
        if (report.Baseline is not { } baseline)
            return "no baseline";
        var label = PlainText.Clean(baseline.Label);
        var age = baseline.Since is { } since ? $", {Age(report.Lineage.CreatedAt - since)} old" : "";
        return label + age + (baseline.CommitsBehind is > 0 and { } commits ? $", {Numbers.Count(commits, "commit")} behind" : "");
    }

    public static string? ShortCommit(Report report) =>
        report.Lineage.Commit is { Length: > 0 } commit ? PlainText.Clean(commit)[..Math.Min(12, PlainText.Clean(commit).Length)] : null;

    /// <summary>A web address as it may stand in a link; null for anything that is not http(s) without credentials.</summary>
    public static string? Link(string? url) =>
        url is { Length: < 2000 } && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0
            ? uri.AbsoluteUri.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal).Replace("'", "%27", StringComparison.Ordinal).Replace("|", "%7C", StringComparison.Ordinal)
            : null;

    /// <summary>The command that makes the evaluation again; null where the commit is not known.</summary>
    public static string? Reproduce(Report report) =>
        report.Lineage.Commit is { Length: >= 7 and <= 64 } commit && commit.All(char.IsAsciiHexDigit)
            ? $"git checkout {commit} && mlops pull && mlops repro"
            : null;

    private static string Age(TimeSpan age) => age.TotalHours switch
    {
        < 1 => "under an hour",
        < 48 => Numbers.Count((long)age.TotalHours, "hour"),
        _ => Numbers.Count((long)age.TotalDays, "day"),
    };
}
