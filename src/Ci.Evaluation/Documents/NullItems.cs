using System.Text.Json;

namespace Ci.Evaluation;

/// <summary>
/// Finds null among a list's items, which the types of a document cannot forbid (<c>RespectNullableAnnotations</c> looks at properties
/// alone). For documents none of whose lists may hold null.
/// </summary>
public static class NullItems
{
    /// <summary>Where the first one stands ("metrics[2]"), or null where there is none. The element's depth is bounded by its parser.</summary>
    public static string? First(JsonElement element) => First(element, "");

    private static string? First(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return element.EnumerateObject().Select(property => First(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")).FirstOrDefault(found => found is not null);
            case JsonValueKind.Array:
                return element.EnumerateArray().Select((item, index) => item.ValueKind == JsonValueKind.Null ? $"{path}[{index}]" : First(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }
}
