using System.Text.Json;

namespace Ci.Jobs.GitHubActions;

/// <summary>Fields of an event, read strictly: what is of the wrong kind is named.</summary>
internal static class GitHubFields
{
    public static JsonElement Object(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Object ? element : throw new JsonException($"{what} should be an object");

    public static JsonElement Need(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Object(value, $"`{name}`") : throw new JsonException($"`{name}` is missing");

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A full commit id, SHA-1 or SHA-256: it goes into paths of the API and into reports.</summary>
    public static string NeedSha(JsonElement element, string name) =>
        Text(element, name) is { Length: 40 or 64 } sha && sha.All(char.IsAsciiHexDigit) ? sha : throw new JsonException($"`{name}` should be a commit id");

    public static int NeedNumber(JsonElement element, string name) =>
        NeedLong(element, name) is var number and <= int.MaxValue ? (int)number : throw new JsonException($"`{name}` should be a number from 1");

    public static long NeedLong(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0
            ? number
            : throw new JsonException($"`{name}` should be a number from 1");
}
