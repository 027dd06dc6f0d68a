namespace Ci.Cli.Verbs;

/// <summary>How a table of experiments is written.</summary>
internal enum ExpTableForm
{
    Plain,
    Markdown,
    Csv,
}
