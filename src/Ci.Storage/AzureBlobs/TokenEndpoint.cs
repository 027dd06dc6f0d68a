using System.Globalization;
using System.Text.Json;

namespace Ci.Storage.AzureBlobs;

/// <summary>Asks a token endpoint and reads what all of them answer: <c>access_token</c> and <c>expires_in</c>.</summary>
internal static class TokenEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly HttpClient Client = WebCalls.NewClient(TimeSpan.FromSeconds(3));

    public static async Task<(string Token, TimeSpan Lifetime)> AskAsync(HttpRequestMessage request, string who, CancellationToken ct)
    {
        using var response = await WebCalls.SendAsync(Client, request, Patience, who, "an access token", ct);
        var text = await WebCalls.ReadTextAsync(response, ct);
        var status = (int)response.StatusCode;
        if (status != 200)
        {
            var what = $"{who} gave no token: {status} {Reason(text)}";
            // The metadata service answers 404 and 410 while it starts.
            throw WebCalls.IsTransient(status) || status is 404 or 410
                ? new StorageUnavailableException(what)
                : new StorageRefusedException($"{what}; check the identity's ids, and that it is assigned to this machine");
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            var token = json.RootElement.GetProperty("access_token").GetString() ?? "";
            return (token, TimeSpan.FromSeconds(Lifetime(json.RootElement)));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StorageRefusedException($"{who} answered something else than a token", error);
        }
    }

    // The metadata service writes the number as a string; App Service gives the time itself, which is taken as five minutes.
    private static double Lifetime(JsonElement answer) =>
        !answer.TryGetProperty("expires_in", out var value) ? 600
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : 600;

    private static string Reason(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var reason = json.RootElement.TryGetProperty("error_description", out var said) ? said.GetString() ?? "" : json.RootElement.TryGetProperty("error", out var error) ? error.ToString() : "";
            return reason.Split('\n', 2)[0].Trim();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
