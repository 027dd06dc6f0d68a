using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli.Verbs;

/// <summary>The scalars of a parameter file by dotted name, for the report's table.</summary>
internal static class ReportedParameters
{
    private const int MostBytes = 1 << 20;
    private const int MostParameters = 1_000;
    private const int MostDepth = 20;

    /// <summary>Without an explicit path a file that is not there is no error: the report then shows no parameters.</summary>
    public static IReadOnlyDictionary<string, string> Read(CliContext context, string? path, string usual)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var file = new FileInfo(context.FullPath(path ?? usual));
        if (!file.Exists)
            return path is null ? found : throw new CliException($"{path} is not there; --params names the file of the pipeline's parameters");
        if (file.Length > MostBytes)
            throw new CliException($"{file.Name} has {file.Length} bytes; at most {MostBytes} are read");
        var yaml = new YamlStream();
        try
        {
            using var reader = file.OpenText();
            yaml.Load(reader);
        }
        catch (YamlException error)
        {
            throw new CliException($"{file.Name}:{error.Start.Line}: not valid YAML: {error.Message}", inner: error);
        }

        if (yaml.Documents.Count > 0)
            Collect(yaml.Documents[0].RootNode, "", 0, found);
        return found;
    }

    private static void Collect(YamlNode node, string name, int depth, Dictionary<string, string> found)
    {
        // Aliases may make a small file endless: depth and number are bounded.
        if (depth > MostDepth || found.Count >= MostParameters)
            return;
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (key, value) in map)
                    Collect(value, name.Length == 0 ? key.ToString() : $"{name}.{key}", depth + 1, found);
                break;
            case YamlSequenceNode list when list.All(item => item is YamlScalarNode):
                found[name] = $"[{string.Join(", ", list.Select(item => ((YamlScalarNode)item).Value))}]";
                break;
            case YamlSequenceNode list:
                for (var index = 0; index < list.Children.Count; index++)
                    Collect(list.Children[index], $"{name}[{index}]", depth + 1, found);
                break;
            case YamlScalarNode scalar:
                found[name] = scalar.Value ?? "";
                break;
        }
    }
}
