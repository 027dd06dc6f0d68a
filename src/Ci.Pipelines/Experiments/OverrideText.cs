using System.Globalization;
using System.Numerics;
using System.Text;
using Ci.Data;

namespace Ci.Pipelines.Experiments;

/// <summary>Values in Hydra's notation: what <see cref="OverrideReader"/> reads back as the same value.</summary>
internal static class OverrideText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number when double.IsNaN(number) => "nan",
        double number => PythonText.OfDouble(number),
        string text => IsPlain(text) ? text : Quoted(text),
        IReadOnlyList<object?> list => $"[{string.Join(',', list.Select(Of))}]",
        OrderedDictionary<string, object?> map => $"{{{string.Join(',', map.Select(p => $"{Of(p.Key)}:{Of(p.Value)}"))}}}",
        _ => throw new PipelineException($"a value of type {value.GetType().Name} cannot be set"),
    };

    private static bool IsPlain(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.' or '%' or '@' or '?' or '+')
        && OverrideReader.Primitive(text) is string;

    private static string Quoted(string text)
    {
        var result = new StringBuilder("'");
        foreach (var c in text)
        {
            if (c is '\'' or '\\')
                result.Append('\\');
            result.Append(c);
        }

        return result.Append('\'').ToString();
    }
}
