using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>Sets and takes away <c>frozen: true</c> of a stage or pointer, in the file as people wrote it: nothing else moves.</summary>
public static class FrozenFlag
{
    private const string Key = "frozen";

    /// <summary>Sets or takes away a stage's flag.</summary>
    /// <returns>The file that was changed, by path from the project's root; null when it says so already.</returns>
    /// <exception cref="PipelineException">The stage comes of a template.</exception>
    public static string? Set(Project project, Stage stage, bool frozen)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(stage);
        var file = Path.Combine(stage.Folder, PipelineFile.Name);
        return Edit(project, file, frozen, root => root.Children.TryGetValue(new YamlScalarNode("stages"), out var stages) && stages is YamlMappingNode all
            && all.Children.TryGetValue(new YamlScalarNode(stage.Name), out var node) && node is YamlMappingNode mapping
            ? mapping
            : throw new PipelineException($"stage `{stage.Address}` comes of a template in {project.Shown(file)}; write `{Key}: true` into the template to freeze all that it makes"));
    }

    /// <summary>Sets or takes away a pointer's flag.</summary>
    /// <returns>As of a stage.</returns>
    public static string? Set(Project project, PointerFile tracked, bool frozen)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(tracked);
        return Edit(project, tracked.File, frozen, root => root);
    }

    private static string? Edit(Project project, string file, bool frozen, Func<YamlMappingNode, YamlMappingNode> find)
    {
        string? changed = null;
        project.Locks.While($"edit {file}", () =>
        {
            var text = File.ReadAllText(file);
            if (YamlReader.Read(text, project.Shown(file)) is not YamlMappingNode root)
                throw new PipelineException($"{project.Shown(file)} holds no keys");
            var mapping = find(root);
            var edited = mapping.Children.TryGetValue(new YamlScalarNode(Key), out var value) ? Changed(text, mapping, value, frozen) : frozen ? Added(text, mapping) : text;
            if (edited == text)
                return;
            DurableFiles.Replace(file, Encoding.UTF8.GetBytes(edited));
            changed = project.Shown(file);
        });
        return changed;
    }

    private static string Added(string text, YamlMappingNode mapping)
    {
        if (mapping.Style == MappingStyle.Flow)
        {
            var at = CloseOf(text, (int)mapping.Start.Index);
            while (char.IsWhiteSpace(text[at - 1]))
                at--;
            return text.Insert(at, $"{(text[at - 1] is '{' or ',' ? " " : ", ")}{Key}: true");
        }

        var column = (int)mapping.Children.First().Key.Start.Column - 1;
        var end = EndOf(text, (int)mapping.Children.Last().Key.Start.Index, column);
        return text.Insert(end, $"{(end > 0 && text[end - 1] != '\n' ? "\n" : "")}{new string(' ', column)}{Key}: true\n");
    }

    private static string Changed(string text, YamlMappingNode mapping, YamlNode value, bool frozen)
    {
        var key = mapping.Children.Keys.First(k => k is YamlScalarNode { Value: Key });
        if (frozen)
            return value is YamlScalarNode { Value: "true" or "True" or "TRUE" } ? text : text[..(int)value.Start.Index] + "true" + text[(int)value.End.Index..];
        var (start, end) = ((int)key.Start.Index, (int)value.End.Index);
        if (mapping.Style != MappingStyle.Flow)
            return text.Remove(text.LastIndexOf('\n', Math.Max(0, start - 1)) + 1, LineAfter(text, end) - text.LastIndexOf('\n', Math.Max(0, start - 1)) - 1);
        // One of the commas beside it goes, too.
        while (end < text.Length && char.IsWhiteSpace(text[end]))
            end++;
        if (text[end] == ',')
            return text.Remove(start, end + 1 - start + (text[end + 1] == ' ' ? 1 : 0));
        var before = text.LastIndexOf(',', start);
        return before > (int)mapping.Start.Index ? text.Remove(before, (int)value.End.Index - before) : text.Remove(start, (int)value.End.Index - start);
    }

    // The parser tells where a `{` stands, but not its `}`.
    private static int CloseOf(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']' when --depth == 0:
                    return at;
                case '\'' or '"' when ",:{[ \n\t".Contains(text[at - 1], StringComparison.Ordinal):
                    at = QuoteEnd(text, at);
                    break;
                case '#' when char.IsWhiteSpace(text[at - 1]):
                    at = LineAfter(text, at) - 1;
                    break;
            }
        }

        throw new PipelineException("a `{` has no `}`");
    }

    private static int QuoteEnd(string text, int open)
    {
        var at = open + 1;
        while (at < text.Length && text[at] != text[open])
            at += text[open] == '"' && text[at] == '\\' ? 2 : 1;
        return at;
    }

    // Behind the last line that belongs to the key: deeper ones, and list items in its own column; not comments that follow.
    private static int EndOf(string text, int key, int column)
    {
        var end = LineAfter(text, key);
        for (var at = end; at < text.Length; at = LineAfter(text, at))
        {
            var line = text[at..LineAfter(text, at)].TrimEnd();
            var indent = line.Length - line.TrimStart().Length;
            if (line.Length == 0 || (line[indent] == '#' && indent <= column))
                continue;
            if (indent < column || (indent == column && line[indent] != '-'))
                break;
            end = LineAfter(text, at);
        }

        return end;
    }

    private static int LineAfter(string text, int at) => text.IndexOf('\n', at) is >= 0 and var found ? found + 1 : text.Length;
}
