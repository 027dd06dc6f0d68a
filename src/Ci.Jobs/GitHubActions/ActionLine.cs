namespace Ci.Jobs.GitHubActions;

/// <summary>One command line of the action.</summary>
/// <param name="Text">As the workflow wrote it.</param>
/// <param name="Words">Without the word `mlops`.</param>
public sealed record ActionLine(string Text, IReadOnlyList<string> Words);
