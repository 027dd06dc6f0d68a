using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>What a route answers; null is an empty body.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Body)
{
    public static implicit operator ApiAnswer(JsonNode body) => new(200, body);

    public static ApiAnswer Created(JsonNode body) => new(201, body);

    public static ApiAnswer Nothing { get; } = new(204, null);
}
