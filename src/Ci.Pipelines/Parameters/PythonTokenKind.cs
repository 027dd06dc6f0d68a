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
