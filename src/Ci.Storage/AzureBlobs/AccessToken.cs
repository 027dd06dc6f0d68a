using System.Net.Http.Headers;

namespace Ci.Storage.AzureBlobs;

/// <summary>A token of Entra ID, asked for when it is needed and kept until shortly before it expires.</summary>
internal sealed class AccessToken(ITokenSource source, TimeProvider time) : IAzureCredential, IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim one = new(1);
    private (string Token, DateTimeOffset Until) kept = ("", DateTimeOffset.MinValue);

    public string Description => source.Description;

    public bool SignsTime => false;

    public async ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (time.GetUtcNow() + Early >= this.kept.Until)
        {
            await this.one.WaitAsync(ct);
            try
            {
                if (time.GetUtcNow() + Early >= this.kept.Until)
                {
                    var (token, lifetime) = await source.AskAsync(ct);
                    this.kept = (token, time.GetUtcNow() + lifetime);
                }
            }
            finally
            {
                this.one.Release();
            }
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", this.kept.Token);
    }

    public void Dispose() => this.one.Dispose();
}
