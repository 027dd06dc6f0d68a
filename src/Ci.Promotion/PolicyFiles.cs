using System.Globalization;
using System.Text;
using Ci.Releases;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Promotion;

/// <summary>Reads the policy files strictly: an unknown key is an error, for a rule that is misspelt is a rule that does not hold.</summary>
internal static class PolicyFiles
{
    public const string FreezesPath = "policy/freezes.yaml";

    private const int MaxBytes = 256 << 10;

    private static readonly string[] EnvironmentKeys = ["name", "branch", "approvals", "soak_minutes", "gates", "keys", "max_bytes"];
    private static readonly string[] FreezeKeys = ["environment", "model", "from", "until", "reason", "by"];

    public static Policy ReadPolicy(byte[] yaml)
    {
        var environments = List(yaml, Policy.Path, "environments").Select(node => ReadEnvironment(Map(node, Policy.Path, EnvironmentKeys))).ToList();
        if (environments.Count == 0)
            throw Bad(Policy.Path, 1, "no environment is listed");
        if (environments.Select(e => e.Name).Distinct(StringComparer.Ordinal).Count() != environments.Count
            || environments.Select(e => e.Branch).Distinct(StringComparer.Ordinal).Count() != environments.Count)
            throw Bad(Policy.Path, 1, "two environments have the same name or branch");
        return new Policy { Environments = environments };
    }

    public static IReadOnlyList<Freeze> ReadFreezes(byte[]? yaml) => yaml is null
        ? []
        : [.. List(yaml, FreezesPath, "freezes").Select(node => ReadFreeze(Map(node, FreezesPath, FreezeKeys)))];

    /// <summary>The whole file again; texts are quoted as JSON strings, which YAML 1.2 reads alike.</summary>
    public static byte[] WriteFreezes(IReadOnlyList<Freeze> freezes)
    {
        var text = new StringBuilder("# No promotion enters a frozen environment; rollbacks may. Written by `mlops promote freeze`.\n");
        text.Append(freezes.Count == 0 ? "freezes: []\n" : "freezes:\n");
        foreach (var freeze in freezes)
        {
            text.Append("  - environment: ").Append(freeze.Environment).Append('\n');
            if (freeze.Model is not null)
                text.Append("    model: ").Append(freeze.Model).Append('\n');
            text.Append("    from: ").Append(Moment(freeze.From)).Append('\n');
            if (freeze.Until is { } until)
                text.Append("    until: ").Append(Moment(until)).Append('\n');
            text.Append("    reason: ").Append(Quoted(freeze.Reason)).Append('\n');
            text.Append("    by: ").Append(Quoted(freeze.By)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static EnvironmentPolicy ReadEnvironment(Dictionary<string, YamlNode> map)
    {
        var name = Text(map, "name", Policy.Path) ?? throw Bad(Policy.Path, 1, "an environment has no name");
        if (!Names.IsName(name))
            throw Bad(Policy.Path, map["name"].Start.Line, $"{Names.Quote(name)} is no name for an environment");
        var gates = Text(map, "gates", Policy.Path) ?? "not-regress";
        if (gates is not ("pass" or "not-regress" or "none"))
            throw Bad(Policy.Path, map["gates"].Start.Line, $"gates is {Names.Quote(gates)}; it may be pass, not-regress or none");
        return new EnvironmentPolicy
        {
            Name = name,
            Branch = Text(map, "branch", Policy.Path) ?? name,
            Approvals = (int)Number(map, "approvals", 0, 100),
            SoakMinutes = Number(map, "soak_minutes", 0, 1_000_000),
            Gates = gates,
            Keys = map.GetValueOrDefault("keys") is YamlSequenceNode keys ? [.. keys.Select(key => ((key as YamlScalarNode)?.Value ?? "").Trim())] : [],
            MaxBytes = map.ContainsKey("max_bytes") ? (long)Number(map, "max_bytes", 1, 1L << 50) : null,
        };
    }

    private static Freeze ReadFreeze(Dictionary<string, YamlNode> map)
    {
        var environment = Text(map, "environment", FreezesPath);
        var model = Text(map, "model", FreezesPath);
        if (!Names.IsName(environment) || (model is not null && !Names.IsName(model)))
            throw Bad(FreezesPath, map.Values.FirstOrDefault()?.Start.Line ?? 1, "a freeze names no environment, or a model that is no name");
        return new Freeze
        {
            Environment = environment!,
            Model = model,
            From = Time(map, "from") ?? throw Bad(FreezesPath, map["environment"].Start.Line, "a freeze says no `from`"),
            Until = Time(map, "until"),
            Reason = Text(map, "reason", FreezesPath) ?? "",
            By = Text(map, "by", FreezesPath) ?? "",
        };
    }

    private static YamlSequenceNode List(byte[] yaml, string path, string key)
    {
        if (yaml.Length > MaxBytes)
            throw Bad(path, 1, $"it has {yaml.Length} bytes; at most {MaxBytes} are read");
        var stream = new YamlStream();
        try
        {
            using var reader = new StreamReader(new MemoryStream(yaml));
            stream.Load(reader);
        }
        catch (YamlException error)
        {
            throw new PromotionException($"{path}:{error.Start.Line}: not valid YAML: {error.Message}", error);
        }

        if (stream.Documents.Count == 0)
            throw Bad(path, 1, $"expected a list under `{key}:`");
        var root = Map(stream.Documents[0].RootNode, path, [key]);
        return root.GetValueOrDefault(key) as YamlSequenceNode ?? throw Bad(path, 1, $"expected a list under `{key}:`");
    }

    private static Dictionary<string, YamlNode> Map(YamlNode node, string path, string[] known)
    {
        if (node is not YamlMappingNode map)
            throw Bad(path, node.Start.Line, $"expected a mapping with the keys {string.Join(", ", known)}");
        var result = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in map)
        {
            if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name, StringComparer.Ordinal))
                throw Bad(path, key.Start.Line, $"unknown key {Names.Quote(key.ToString())}; known are {string.Join(", ", known)}");
            result[name] = value;
        }

        return result;
    }

    private static string? Text(Dictionary<string, YamlNode> map, string key, string path) => map.GetValueOrDefault(key) switch
    {
        null => null,
        YamlScalarNode { Value: { Length: > 0 and <= 1000 } text } => text,
        var other => throw Bad(path, other.Start.Line, $"`{key}` must be a text of 1 to 1000 characters"),
    };

    private static double Number(Dictionary<string, YamlNode> map, string key, double least, double most)
    {
        if (!map.TryGetValue(key, out var node))
            return 0;
        return double.TryParse((node as YamlScalarNode)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Bad(Policy.Path, node.Start.Line, $"`{key}` must be a number from {least} to {most}");
    }

    private static DateTimeOffset? Time(Dictionary<string, YamlNode> map, string key)
    {
        if (Text(map, key, FreezesPath) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw Bad(FreezesPath, map[key].Start.Line, $"`{key}` is no time such as 2026-12-20T00:00:00Z");
    }

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => Encoding.UTF8.GetString(CanonicalJson.Of(System.Text.Json.Nodes.JsonValue.Create(text)));

    private static PromotionException Bad(string path, long line, string why) => new($"{path}:{line} of the deploy repository: {why}");
}
