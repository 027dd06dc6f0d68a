namespace Ci.Pipelines.Parameters;

/// <summary>One statement's words, however many lines they take.</summary>
/// <param name="Indent">Columns before the first word.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Tokens">At least one.</param>
internal sealed record PythonLine(int Indent, int Line, IReadOnlyList<PythonToken> Tokens);
