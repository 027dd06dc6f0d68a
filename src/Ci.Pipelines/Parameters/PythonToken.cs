namespace Ci.Pipelines.Parameters;

/// <summary>One word of a Python file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; of a text its value.</param>
internal readonly record struct PythonToken(PythonTokenKind Kind, string Text)
{
    public bool Is(string mark) => this.Kind is PythonTokenKind.Mark or PythonTokenKind.Name && this.Text == mark;
}
