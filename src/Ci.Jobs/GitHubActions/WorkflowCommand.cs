namespace Ci.Jobs.GitHubActions;

/// <summary>
/// Workflow commands: lines of a step's log that the runner obeys. What goes into them is escaped, so that text cannot end one and begin
/// another. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
/// </summary>
internal static class WorkflowCommand
{
    public static string Annotation(AnnotationLevel level, string? file, int? line, string title, string message)
    {
        var properties = new List<string>(3);
        if (file is not null)
            properties.Add($"file={Property(file)}");
        if (line is { } number)
            properties.Add($"line={number}");
        properties.Add($"title={Property(title)}");
        return $"::{level.ToString().ToLowerInvariant()} {string.Join(',', properties)}::{Data(message)}";
    }

    public static string Mask(string secret) => $"::add-mask::{Data(secret)}";

    public static string Group(string title) => $"::group::{Data(title)}";

    // The escapes of workflow commands: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
