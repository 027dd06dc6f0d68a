using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Data;

/// <summary>The text of <c>.dvc</c> files, as DVC writes new ones and edits old ones.</summary>
internal static class PointerText
{
    // What says nothing about the data; none of it enters a file's own checksum.
    private static readonly string[] Unhashed = ["desc", "type", "labels", "meta", "locked", "frozen", "metric", "persist", "isexec", "size", "nfiles"];

    // Comments, braces, blocks and names for nodes.
    private static readonly SearchValues<char> OwnStyle = SearchValues.Create("#{[|>&*!%");

    public static string New(PointerFile pointer, Digest digest)
    {
        var entry = Facts(digest);
        entry["path"] = Path.GetRelativePath(Path.GetDirectoryName(pointer.File)!, pointer.Target).Replace(Path.DirectorySeparatorChar, '/');
        if (!pointer.Cache)
            entry["cache"] = false;
        if (pointer.Remote is not null)
            entry["remote"] = pointer.Remote;
        if (!pointer.Push)
            entry["push"] = false;
        var root = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["outs"] = new List<object?> { entry } };
        if (pointer.Sources.Count == 0)
            return YamlWriter.Write(root);
        root.Insert(0, "deps", pointer.Sources.Select(object? (s) => s.Written).ToList());
        if (pointer.Frozen)
            root.Insert(0, "frozen", true);
        root.Insert(0, "md5", Checksum(root));
        return YamlWriter.Write(root);
    }

    /// <summary>The text with a new digest in the pointer's own entry, and all else as it was.</summary>
    public static string Edited(string text, PointerFile pointer, Digest digest)
    {
        var shown = Path.GetFileName(pointer.File);
        var root = YamlReader.Read(text, shown) as YamlMappingNode ?? throw new DataException($"{shown}: is empty; expected `outs:`");
        var outs = root.Children.TryGetValue(new YamlScalarNode("outs"), out var list) ? list as YamlSequenceNode : null;
        if (outs?.Children.ElementAtOrDefault(pointer.Index) is not YamlMappingNode entry)
            throw new DataException($"{shown}: has no entry {pointer.Index + 1} below `outs` any more");
        var edit = new YamlEdit(text);
        var facts = Facts(digest);
        foreach (var (key, value) in facts)
            edit.Set(entry, key, value!);
        foreach (var gone in new[] { "nfiles", "isexec" }.Where(key => !facts.ContainsKey(key)))
            edit.Remove(entry, gone);
        RemoveDefaults(edit, root, entry, shown);
        // The checksum is of the file as it will be, and stands first; what was added has none.
        if (root.Children.ContainsKey(new YamlScalarNode("md5")) || pointer.Sources.Count > 0)
        {
            if (pointer.Sources.Count > 0)
                edit.Set(root, "md5", Checksum(YamlReader.Read(edit.Text(shown), shown)!, shown));
            else
                edit.Remove(root, "md5");
        }

        return InOneStyle(edit.Text(shown), shown);
    }

    // DVC writes the whole file anew, and keeps of people's own style only what this text has none of.
    private static string InOneStyle(string text, string shown) =>
        text.AsSpan().ContainsAny(OwnStyle) ? text : YamlWriter.Write((OrderedDictionary<string, object?>)YamlReader.ReadValue(text, shown)!);

    // What says only what holds without it, DVC takes out when it writes.
    private static void RemoveDefaults(YamlEdit edit, YamlMappingNode root, YamlMappingNode entry, string shown)
    {
        (YamlMappingNode Of, string Key, object Default)[] all =
            [(entry, "cache", true), (entry, "push", true), (entry, "persist", false), (root, "frozen", false), (root, "locked", false), (root, "always_changed", false), (root, "wdir", ".")];
        foreach (var (of, key, value) in all)
        {
            if (of.Children.TryGetValue(new YamlScalarNode(key), out var node) && Equals(YamlReader.ValueOf(node, shown), value))
                edit.Remove(of, key);
        }
    }

    /// <summary>The checksum that an import's file has of itself.</summary>
    public static string Checksum(YamlNode root, string shown) => Checksum((OrderedDictionary<string, object?>)YamlReader.ValueOf(root, shown)!);

    private static string Checksum(OrderedDictionary<string, object?> root)
    {
        var hashed = (OrderedDictionary<string, object?>)Filtered(root)!;
        hashed.Remove("md5");
        if (hashed.TryGetValue("wdir", out var folder) && folder is ".")
            hashed.Remove("wdir");
#pragma warning disable CA5351 // DVC's format
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(PythonText.Json(hashed, sortKeys: true))));
#pragma warning restore CA5351
    }

    private static object? Filtered(object? value)
    {
        switch (value)
        {
            case OrderedDictionary<string, object?> map:
                var some = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var (key, inner) in map.Where(p => !Unhashed.Contains(p.Key, StringComparer.Ordinal)))
                    some[key] = Filtered(inner);
                return some;
            case IReadOnlyList<object?> list:
                return list.Select(Filtered).ToList();
            default:
                return value;
        }
    }

    // In the order of a new entry.
    private static OrderedDictionary<string, object?> Facts(Digest digest)
    {
        var facts = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["md5"] = digest.Text, ["size"] = digest.Size };
        if (digest.FileCount is { } count)
            facts["nfiles"] = (long)count;
        if (digest.IsExecutable)
            facts["isexec"] = true;
        if (!digest.IsLegacy)
            facts["hash"] = "md5";
        return facts;
    }
}
