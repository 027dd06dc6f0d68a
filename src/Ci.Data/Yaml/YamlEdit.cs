using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ci.Data.Yaml;

/// <summary>
/// Changes single values of a YAML text and leaves every other character alone: order, comments, line ends of people's own. Values are
/// set and removed by the nodes that were read of the text as it was at first.
/// </summary>
public sealed class YamlEdit(string text)
{
    private readonly List<(int Start, int End, string Text)> changes = [];

    /// <summary>Gives a key of a mapping a single value; a new key goes below the last.</summary>
    public void Set(YamlMappingNode mapping, string key, object value)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var written = Written(value);
        if (Find(mapping, key) is not var (_, old))
            this.Append(mapping, key, written);
        else if (old is not YamlScalarNode scalar)
            throw new DataException($"line {old.Start.Line}: `{key}` must be one value");
        else if (!Equals(YamlReader.ValueOf(scalar, ""), value))
            this.changes.Add(((int)scalar.Start.Index, (int)scalar.End.Index, scalar.Start.Index == scalar.End.Index ? " " + written : written));
    }

    /// <summary>Takes a key with its value away, if it is there.</summary>
    public void Remove(YamlMappingNode mapping, string key)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        if (Find(mapping, key) is not var (name, old))
            return;
        if (mapping.Style == MappingStyle.Flow || mapping.Children.Count == 1)
            throw new DataException($"line {name.Start.Line}: `{key}` cannot be taken out of a mapping in braces; write it with one key a line");
        var start = (int)name.Start.Index;
        var end = this.EndOfLine(LastIndex(old));
        // Behind a dash stays the next key; else the line goes with what leads up to it.
        var next = mapping.Children.Keys.SkipWhile(k => k != name).Skip(1).FirstOrDefault();
        var lineStart = text.LastIndexOf('\n', Math.Max(0, start - 1)) + 1;
        if (text.AsSpan(lineStart, start - lineStart).Trim().Length > 0 && next is not null)
            this.changes.Add((start, (int)next.Start.Index, ""));
        else
            this.changes.Add((lineStart, end, ""));
    }

    /// <summary>The text with all changes.</summary>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="DataException">It would not be YAML any more.</exception>
    public string Text(string name)
    {
        var result = text;
        // From the end, so that positions stay true; of several at one place the first that was asked for stands first.
        foreach (var (start, end, replacement) in this.changes.Select((c, i) => (Change: c, Order: i)).OrderByDescending(c => c.Change.Start).ThenByDescending(c => c.Order).Select(c => c.Change))
            result = string.Concat(result.AsSpan(0, start), replacement, result.AsSpan(end));
        YamlReader.Read(result, name);
        return result;
    }

    private static (YamlScalarNode Key, YamlNode Value)? Find(YamlMappingNode mapping, string key)
    {
        foreach (var (name, value) in mapping.Children)
        {
            if (name is YamlScalarNode scalar && scalar.Value == key)
                return (scalar, value);
        }

        return null;
    }

    private static string Written(object value)
    {
        var line = YamlWriter.Write(new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["k"] = value });
        return line["k: ".Length..].TrimEnd('\n');
    }

    private void Append(YamlMappingNode mapping, string key, string written)
    {
        var (first, _) = mapping.Children.First();
        var (_, last) = mapping.Children.Last();
        if (mapping.Style == MappingStyle.Flow)
        {
            this.changes.Add(((int)last.End.Index, (int)last.End.Index, string.Create(CultureInfo.InvariantCulture, $", {key}: {written}")));
            return;
        }

        var at = this.EndOfLine(LastIndex(last));
        var isOpen = at == text.Length && !text.EndsWith('\n');
        this.changes.Add((at, at, $"{(isOpen ? "\n" : "")}{new string(' ', (int)first.Start.Column - 1)}{key}: {written}{(isOpen ? "" : "\n")}"));
    }

    // Collections in block style end where the next token begins, which may be lines below.
    private static int LastIndex(YamlNode node) => node switch
    {
        YamlMappingNode { Style: not MappingStyle.Flow, Children.Count: > 0 } map => LastIndex(map.Children.Last().Value),
        YamlSequenceNode { Style: not SequenceStyle.Flow, Children.Count: > 0 } list => LastIndex(list.Children[^1]),
        YamlScalarNode { Style: ScalarStyle.Literal or ScalarStyle.Folded } => (int)node.End.Index - 1,
        _ => (int)node.End.Index,
    };

    private int EndOfLine(int index)
    {
        var end = index >= text.Length ? -1 : text.IndexOf('\n', Math.Max(0, index));
        return end < 0 ? text.Length : end + 1;
    }
}
