using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Ci.Data;
using Ci.Data.Yaml;

namespace Ci.Pipelines.Parameters;

/// <summary>Reads a file of parameters or metrics (YAML, JSON, TOML, Python) into plain values; as with DVC, any other ending means YAML.</summary>
public static class ParameterFile
{
    private const int MaxDigits = 4300;

    /// <summary>The file's values: usually keys with values.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shown">How messages name it; its ending tells the format.</param>
    public static object? Read(string file, string shown) => Parse(File.ReadAllBytes(file), shown);

    /// <inheritdoc cref="Read"/>
    public static object? Parse(byte[] bytes, string shown)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        return Path.GetExtension(shown).ToLowerInvariant() switch
        {
            ".json" => ParseJson(text, shown),
            ".toml" => TomlReader.Read(text, shown),
            ".py" => PythonReader.Read(text, shown),
            _ => YamlReader.ReadValue(text, shown),
        };
    }

    /// <summary>The value of a dotted key; false when it is not there.</summary>
    public static bool TryFind(object? values, string key, out object? value)
    {
        value = values;
        foreach (var part in key.Split('.'))
        {
            if (value is OrderedDictionary<string, object?> map && map.TryGetValue(part, out var inner))
                value = inner;
            else if (value is IReadOnlyList<object?> list && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count)
                value = list[index];
            else
                return values is OrderedDictionary<string, object?> whole && whole.TryGetValue(key, out value);
        }

        return true;
    }

    /// <summary>Every single value (or list) with its dotted key, in the file's order.</summary>
    public static IReadOnlyList<FlatValue> Flatten(object? value, string prefix = "")
    {
        var found = new List<FlatValue>();
        Add(value, prefix);
        return found;

        void Add(object? inner, string key)
        {
            if (inner is not OrderedDictionary<string, object?> map)
            {
                found.Add(new FlatValue(key, inner));
                return;
            }

            foreach (var (name, item) in map)
                Add(item, key.Length == 0 ? name : $"{key}.{name}");
        }
    }

    private static object? ParseJson(string text, string shown)
    {
        try
        {
            using var json = JsonDocument.Parse(PythonJson.WithoutConstants(text), new JsonDocumentOptions { MaxDepth = 100 });
            return Of(json.RootElement);
        }
        catch (JsonException error)
        {
            throw new PipelineException($"{shown}:{(error.LineNumber ?? 0) + 1}: not valid JSON: {error.Message}", error);
        }
    }

    private static object? Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                    map[property.Name] = Of(property.Value);
                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Of).ToList();
            case JsonValueKind.String:
                return PythonJson.ConstantOf(element.GetString()!) is { } constant ? constant : element.GetString();
            case JsonValueKind.Number:
                if (element.TryGetInt64(out var integer))
                    return integer;
                // Python's integers have no end, and keep every digit.
                var digits = element.GetRawText();
                return digits.Length <= MaxDigits && !digits.AsSpan().ContainsAny('.', 'e', 'E') ? BigInteger.Parse(digits, CultureInfo.InvariantCulture) : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}
