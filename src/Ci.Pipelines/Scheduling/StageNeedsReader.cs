using System.Globalization;
using System.Text.RegularExpressions;
using Ci.Data.Yaml;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines.Scheduling;

/// <summary>
/// Reads <c>resources</c>, <c>env</c>, <c>image</c> and <c>accelerator</c> of a stage's <c>meta</c>. What else stands in <c>meta</c> is
/// its writer's own affair, as with DVC; what stands under our names is read strictly.
/// </summary>
internal static partial class StageNeedsReader
{
    private const int MostGpus = 64;
    private const int MostProcessors = 4096;

    private static readonly (string Suffix, long Factor)[] Units =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)];

    public static StageNeeds Read(YamlFields stage, Interpolation filling)
    {
        if (stage["meta"] is not YamlMappingNode meta)
            return StageNeeds.None;
        var needs = Child(meta, "resources") is YamlMappingNode resources ? Resources(new YamlFields(resources, stage.File, $"{stage.Where}, `meta.resources`", "gpu", "memory", "cpu"), filling) : StageNeeds.None;
        return needs with
        {
            Environment = Child(meta, "env") is YamlSequenceNode names ? [.. names.Children.Select(name => Variable(stage, name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [],
            Image = Child(meta, "image") is YamlScalarNode { Value: { Length: > 0 } } image ? Image(stage, image, filling) : null,
            KeyedByAccelerator = Child(meta, "accelerator") is { } said ? YamlReader.ValueOf(said, stage.File) as bool? ?? throw stage.Error(said, "`meta.accelerator` must be true or false: whether the kind of accelerator decides the result") : needs.Gpus > 0,
        };
    }

    private static YamlNode? Child(YamlMappingNode mapping, string key) => mapping.Children.TryGetValue(new YamlScalarNode(key), out var found) ? found : null;

    private static StageNeeds Resources(YamlFields fields, Interpolation filling) => new()
    {
        Gpus = Count(fields, "gpu", MostGpus, filling),
        Processors = Count(fields, "cpu", MostProcessors, filling),
        Memory = Filled(fields, "memory", filling) is { } text ? Bytes(text) ?? throw fields.Error(fields["memory"]!, $"`memory` must be a size such as 8GiB or 500MB, and `{text}` is none") : 0,
    };

    private static int Count(YamlFields fields, string key, int most, Interpolation filling)
    {
        if (Filled(fields, key, filling) is not { } text)
            return 0;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= most
            ? count
            : throw fields.Error(fields[key]!, $"`{key}` must be a whole number from 0 to {most}, and `{text}` is none");
    }

    private static string? Filled(YamlFields fields, string key, Interpolation filling) =>
        fields.Text(key) is { } text ? filling.Fill(text, $"{fields.File}:{fields[key]!.Start.Line}: {fields.Where}") : null;

    private static long? Bytes(string text)
    {
        var (number, factor) = (text, 1L);
        foreach (var (suffix, bytes) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
                (number, factor) = (text[..^suffix.Length].TrimEnd(), bytes);
        }

        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0 && value < (1L << 60) / (decimal)factor
            ? (long)(value * factor)
            : null;
    }

    private static string Variable(YamlFields stage, YamlNode node) => node is YamlScalarNode { Value: { } name } && Name().IsMatch(name)
        ? name
        : throw stage.Error(node, "`meta.env` must be a list of names of environment variables");

    private static string Image(YamlFields stage, YamlScalarNode node, Interpolation filling)
    {
        var text = filling.Fill(node.Value!, $"{stage.File}:{node.Start.Line}: {stage.Where}");
        return text == StageNeeds.ImageOfJob || Pinned().IsMatch(text)
            ? text
            : throw stage.Error(node, $"`meta.image` is `{text}`; name it with its digest (name@sha256:…), since a tag may move, or write `{StageNeeds.ImageOfJob}` for the image that {StageNeeds.ImageVariable} names");
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,199}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[^@\\s]{1,300}@sha256:[0-9a-f]{64}$")]
    private static partial Regex Pinned();
}
