using System.Text.Json;

namespace Ci.Forges;

/// <summary>Null among a list's items, which the types of an answer cannot forbid.</summary>
internal static class NullItems
{
    public static void Refuse(IReadOnlyList<object?> items)
    {
        if (items.Contains(null))
            throw new JsonException("a list holds null");
    }
}
