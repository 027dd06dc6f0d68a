using System.Text.Json;

namespace Ci.Forges.Http;

/// <summary>The words of an error answer: GitHub's <c>message</c> and <c>errors[]</c>, GitLab's <c>message</c> or <c>error</c>.</summary>
internal static class ForgeErrorText
{
    private const int Longest = 400;

    public static string Of(byte[] body)
    {
        var words = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in new[] { "message", "error", "error_description", "errors" })
                {
                    if (document.RootElement.TryGetProperty(name, out var value))
                        Collect(value, words);
                }
            }
        }
        catch (JsonException)
        {
            // A proxy's page: its text helps nobody.
        }

        var text = string.Join(": ", words).ReplaceLineEndings(" ");
        return text.Length == 0 ? "no explanation" : text.Length > Longest ? text[..Longest] + "…" : text;
    }

    private static void Collect(JsonElement value, List<string> words)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                words.Add(value.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray().Take(5))
                    Collect(item, words);
                break;
            case JsonValueKind.Object when value.TryGetProperty("message", out var message):
                Collect(message, words);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().Take(5))
                {
                    words.Add(member.Name);
                    Collect(member.Value, words);
                }

                break;
        }
    }
}
