using System.Globalization;
using System.Numerics;
using System.Text;

namespace Ci.Data.Yaml;

/// <summary>
/// Writes plain values as the YAML that DVC writes: block style, lists not indented below their key, plain scalars folded at 80
/// columns, null as nothing, quotes only where needed. Byte-equality with DVC's files is tested against fixtures made by it.
/// </summary>
public sealed class YamlWriter
{
    private readonly StringBuilder text = new();

    private YamlWriter()
    {
    }

    /// <summary>The document, ending in a line break.</summary>
    public static string Write(OrderedDictionary<string, object?> root)
    {
        var writer = new YamlWriter();
        if (root.Count == 0)
            return "{}\n";
        writer.Mapping(root, 0, startsInline: false);
        return writer.text.ToString();
    }

    private void Mapping(OrderedDictionary<string, object?> map, int indent, bool startsInline)
    {
        foreach (var (key, value) in map)
        {
            if (!startsInline)
                this.text.Append(' ', indent);
            startsInline = false;
            var start = this.Column();
            if (map is YamlMap typed && !typed.IsText(key))
                this.text.Append(key);
            else if (key.Length > 0 && !YamlText.IsSimpleKey(key))
            {
                this.BehindQuestionMark(key, value, indent);
                continue;
            }
            else
                YamlText.Append(this.text, key, start, indent, isKey: true);
            this.text.Append(':');
            this.Value(value, indent);
        }
    }

    // Keys of several lines, and very long ones.
    private void BehindQuestionMark(string key, object? value, int indent)
    {
        this.text.Append("? ");
        YamlText.Append(this.text, key, this.Column(), indent + 2, isKey: true);
        this.text.Append('\n').Append(' ', indent).Append(':');
        switch (value)
        {
            case OrderedDictionary<string, object?> { Count: > 0 } map:
                this.text.Append(' ');
                this.Mapping(map, indent + 2, startsInline: true);
                break;
            case IReadOnlyList<object?> { Count: > 0 } list:
                this.text.Append(' ');
                this.Sequence(list, indent + 2, startsInline: true);
                break;
            default:
                this.Scalar(value, indent);
                break;
        }
    }

    private void Value(object? value, int indent)
    {
        switch (value)
        {
            case OrderedDictionary<string, object?> { Count: > 0 } map:
                this.text.Append('\n');
                this.Mapping(map, indent + 2, startsInline: false);
                break;
            case IReadOnlyList<object?> { Count: > 0 } list:
                this.text.Append('\n');
                this.Sequence(list, indent, startsInline: false);
                break;
            default:
                this.Scalar(value, indent);
                break;
        }
    }

    private void Sequence(IReadOnlyList<object?> list, int indent, bool startsInline)
    {
        foreach (var item in list)
        {
            if (!startsInline)
                this.text.Append(' ', indent);
            startsInline = false;
            this.text.Append('-');
            switch (item)
            {
                case OrderedDictionary<string, object?> { Count: > 0 } map:
                    this.text.Append(' ');
                    this.Mapping(map, indent + 2, startsInline: true);
                    break;
                case IReadOnlyList<object?> { Count: > 0 } inner:
                    this.text.Append(' ');
                    this.Sequence(inner, indent + 2, startsInline: true);
                    break;
                case null:
                    // The dash's own space stays.
                    this.text.Append(" \n");
                    break;
                default:
                    this.Scalar(item, indent);
                    break;
            }
        }
    }

    private void Scalar(object? value, int indent)
    {
        switch (value)
        {
            case null:
                break;
            case string s:
                this.text.Append(' ');
                YamlText.Append(this.text, s, this.Column(), indent + 2, isKey: false);
                break;
            default:
                this.text.Append(' ').Append(Plain(value));
                break;
        }

        this.text.Append('\n');
    }

    private static string Plain(object value) => value switch
    {
        bool b => b ? "true" : "false",
        long n => n.ToString(CultureInfo.InvariantCulture),
        int n => n.ToString(CultureInfo.InvariantCulture),
        BigInteger n => n.ToString(CultureInfo.InvariantCulture),
        double d when double.IsNaN(d) => ".nan",
        double d when double.IsInfinity(d) => d > 0 ? ".inf" : "-.inf",
        double d => PythonText.OfDouble(d),
        OrderedDictionary<string, object?> => "{}",
        IReadOnlyList<object?> => "[]",
        _ => throw new DataException($"a value of type {value.GetType().Name} has no YAML form"),
    };

    private int Column()
    {
        var i = this.text.Length;
        while (i > 0 && this.text[i - 1] != '\n')
            i--;
        return this.text.Length - i;
    }
}
