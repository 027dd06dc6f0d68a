using System.Text.Json;

namespace Ci.EdgeAgent.Serving;

/// <summary>What the readers of a request share: strict tokens, and words for what was found instead.</summary>
internal static class JsonWords
{
    private const int MaxIdLength = 256;

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string otherwise)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new InvalidRequestException(otherwise);
    }

    public static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Two members of one name would let two readers see two requests.</summary>
    public static void Once(ref int seen, int bit, string member)
    {
        if ((seen & bit) != 0)
            throw new InvalidRequestException($"`{member}` is given twice");
        seen |= bit;
    }

    public static string Text(ref Utf8JsonReader reader, string member)
    {
        Expect(ref reader, JsonTokenType.String, $"`{member}` must be a text");
        var text = reader.GetString()!;
        return text.Length <= MaxIdLength ? text : throw new InvalidRequestException($"`{member}` has at most {MaxIdLength} characters");
    }

    public static string Shortened(ref Utf8JsonReader reader)
    {
        var text = reader.GetString()!;
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    public static bool Flag(ref Utf8JsonReader reader, string member)
    {
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            throw new InvalidRequestException($"the parameter `{member}` must be true or false");
        return reader.TokenType == JsonTokenType.True;
    }

    public static long Size(ref Utf8JsonReader reader, string member)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var size) || size < 0)
            throw new InvalidRequestException($"the parameter `{member}` must be a whole number from 0");
        return size;
    }
}
