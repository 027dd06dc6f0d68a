using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ci.Releases;

/// <summary>A digest in JSON is its plain hexadecimal string.</summary>
public sealed class Sha256DigestConverter : JsonConverter<Sha256Digest>
{
    public override Sha256Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("a SHA-256 digest is a string of 64 lowercase hexadecimal digits");
        return Sha256Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("not a SHA-256 digest (64 lowercase hexadecimal digits)");
    }

    public override void Write(Utf8JsonWriter writer, Sha256Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
}
