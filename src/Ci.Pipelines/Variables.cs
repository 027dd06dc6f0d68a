using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary><c>vars</c>: values written out, files, or some keys of a file (<c>file:key,key</c>).</summary>
internal static class Variables
{
    public static void Add(Interpolation filling, YamlFields fields, string folder)
    {
        foreach (var item in fields.Items("vars"))
        {
            if (item is not YamlScalarNode { Value: { Length: > 0 } text })
            {
                RefuseFilling(fields, item);
                filling.Add(YamlReader.ValueOf(item, fields.File), $"{fields.File}:{item.Start.Line}");
                continue;
            }

            RefuseFilling(fields, item);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var path = colon < 0 ? text : text[..colon];
            var file = Path.GetFullPath(path, folder);
            if (!File.Exists(file))
                throw fields.Error(item, $"`vars` names {path}, which {(Directory.Exists(file) ? "is a folder" : "does not exist")}");
            filling.AddFile(file, path, colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries), $"{fields.File}:{item.Start.Line}");
        }
    }

    private static void RefuseFilling(YamlFields fields, YamlNode node)
    {
        var filled = YamlReader.ScalarsOf(node, fields.File).FirstOrDefault(text => Placeholder.In(text).Any());
        if (filled is not null)
            throw fields.Error(node, $"nothing can be filled into `vars` itself, and `{filled}` asks for it");
    }
}
