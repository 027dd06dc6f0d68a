using System.Globalization;
using System.Net;

namespace Ci.Storage.AzureBlobs;

/// <summary>
/// Sends signed requests to one container and turns refusals into the room's errors. A machine whose clock is off signs again by the
/// service's clock.
/// </summary>
internal sealed class AzureClient(AzureAccount account, IAzureCredential credential, HttpClient http, TimeProvider time, TimeSpan patience, string description)
{
    private const string ApiVersion = "2021-12-02";

    // The service refuses signatures that are off by a quarter of an hour.
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(5);

    private TimeSpan skew;

    public string Description => description;

    public TimeSpan Patience => patience;

    public IAzureCredential Credential => credential;

    public TimeProvider Time => time;

    /// <summary>The address of the container itself.</summary>
    public string Container => $"{account.Service.AbsoluteUri.TrimEnd('/')}/{account.Container}";

    public string Prefix => account.Prefix;

    /// <summary>The address of a blob; the key is checked.</summary>
    public string AddressOf(string key) =>
        $"{this.Container}/{string.Join('/', (account.Prefix + BlobKeys.Validate(key)).Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>
    /// Sends a request and returns the answer whose status is below 300 or among <paramref name="expected"/>; the caller disposes it.
    /// </summary>
    /// <param name="make">Makes the request; called again when it must be signed anew.</param>
    /// <param name="what">Of what, for messages: <c>`files/md5/…`</c>.</param>
    /// <param name="right">The right that the request needs, for the message when it is refused.</param>
    /// <param name="ct">Ends the request.</param>
    /// <param name="expected">Statuses that the caller deals with.</param>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string what, AzureRight right, CancellationToken ct, params HttpStatusCode[] expected)
    {
        for (var again = false; ; again = true)
        {
            using var request = make();
            request.Headers.Add("x-ms-version", ApiVersion);
            request.Headers.Add("x-ms-date", (time.GetUtcNow() + this.skew).ToString("R", CultureInfo.InvariantCulture));
            await credential.AuthorizeAsync(request, ct);
            var response = await WebCalls.SendAsync(http, request, patience, description, what, ct);
            if ((int)response.StatusCode < 300 || expected.Contains(response.StatusCode))
                return response;
            using (response)
            {
                var error = await AzureError.ReadAsync(response, ct);
                if (!again && credential.SignsTime && response.StatusCode == HttpStatusCode.Forbidden && this.Skewed(response))
                    continue;
                throw error.ToException(this, what, right, response, time);
            }
        }
    }

    /// <summary>Makes the container, as DVC does on the first push; that it is there by now is as good.</summary>
    public async Task CreateContainerAsync(CancellationToken ct)
    {
        using var made = await this.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, $"{this.Container}?restype=container") { Content = new ByteArrayContent([]) },
            $"the container `{account.Container}`", AzureRight.CreateContainer, ct, HttpStatusCode.Conflict);
    }

    private bool Skewed(HttpResponseMessage response)
    {
        if (response.Headers.Date is not { } theirs || (theirs - (time.GetUtcNow() + this.skew)).Duration() < Tolerated)
            return false;
        this.skew = theirs - time.GetUtcNow();
        return true;
    }
}
