using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Pipelines.Plots;

/// <summary>Plain values as JSON; numbers that JSON has no form for become text.</summary>
internal static class PlotJson
{
    public static JsonNode? Of(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        double number => double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(PythonText.OfDouble(number)),
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        OrderedDictionary<string, object?> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Of(p.Value)))),
        IReadOnlyList<object?> list => new JsonArray([.. list.Select(Of)]),
        _ => JsonValue.Create(PythonText.Json(value)),
    };
}
