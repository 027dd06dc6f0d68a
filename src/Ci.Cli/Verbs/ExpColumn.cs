namespace Ci.Cli.Verbs;

/// <summary>A column of a table of experiments.</summary>
/// <param name="File">From the project's root.</param>
/// <param name="Key">Dotted.</param>
/// <param name="Header">The key; with its file where several files have it.</param>
internal sealed record ExpColumn(string File, string Key, string Header);
