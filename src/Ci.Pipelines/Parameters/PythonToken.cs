namespace Ci.Pipelines.Parameters;

/// <summary>What a <see cref="PythonToken"/> is.</summary>
internal enum PythonTokenKind
{
    Name,
    Number,
    Text,

    /// <summary>Bytes, or a text with expressions in it: no plain value.</summary>
    OtherText,

    Mark,
}

/// <summary>One word of a Python file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; of a text its value.</param>
internal readonly record struct PythonToken(PythonTokenKind Kind, string Text)
{
    public bool Is(string mark) => this.Kind is PythonTokenKind.Mark or PythonTokenKind.Name && this.Text == mark;
}

/// <summary>One statement's words, however many lines they take.</summary>
/// <param name="Indent">Columns before the first word.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Tokens">At least one.</param>
internal sealed record PythonLine(int Indent, int Line, IReadOnlyList<PythonToken> Tokens);
