using System.Text.Json;

namespace Ci.Evaluation;

/// <summary>What is wrong with a document, in words for people who do not know the serialiser or its types.</summary>
public static class JsonProblem
{
    private const string Missing = "was missing required properties including:";

    /// <summary>"line 7: '7' is an invalid end of a number", or "it lacks 'outcome', 'task'".</summary>
    public static string Words(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var text = error.Message;
        foreach (var tail in new[] { " LineNumber:", " Path:" })
            text = text.IndexOf(tail, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;
        if (text.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and var names)
            text = "it lacks" + text[(names + Missing.Length)..];
        else if (text.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) || text.StartsWith("DeserializeUnableToConvert", StringComparison.Ordinal))
            text = $"{(error.Path is { Length: > 2 } path ? path[2..] : "the document")} holds a value of the wrong kind";
        var line = error.LineNumber is { } number ? $"line {number + 1}: " : "";
        return line + text.TrimEnd('.', ' ');
    }
}
