using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ci.Releases;

/// <summary>A refusal code in JSON is its wire string.</summary>
public sealed class RefusalCodeConverter : JsonConverter<RefusalCode>
{
    public override RefusalCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Refusals.TryParse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null, out var code)
            ? code
            : throw new JsonException("not a known refusal code");

    public override void Write(Utf8JsonWriter writer, RefusalCode value, JsonSerializerOptions options) => writer.WriteStringValue(value.Wire());
}
