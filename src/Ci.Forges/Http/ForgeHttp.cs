using System.Net.Http.Headers;

namespace Ci.Forges.Http;

/// <summary>Sends requests, patiently: retries what may be retried, with jitter, as the forge asks, under one deadline.</summary>
internal sealed class ForgeHttp : IDisposable
{
    // Larger than any answer of ours; a forge (or whoever answers in its place) does not fill our memory.
    private const long LargestAnswer = 32 * 1024 * 1024;
    private const int MostRedirects = 3;

    private readonly HttpClient client;
    private readonly ForgeAddress address;
    private readonly ForgeOptions options;
    private readonly ForgeVendor vendor;
    private readonly ForgePatience patience;
    private readonly Uri root;

    public ForgeHttp(ForgeAddress address, ForgeOptions options, ForgeVendor vendor, HttpMessageHandler? handler)
    {
        (this.address, this.options, this.vendor, this.patience) = (address, options, vendor, new ForgePatience(options));
        this.root = new Uri(address.ApiUrl.AbsoluteUri.TrimEnd('/') + "/");
        // Redirects would carry writes and tokens to places that nobody named.
        this.client = handler is null
            ? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            : new HttpClient(handler, disposeHandler: false);
        this.client.MaxResponseContentBufferSize = LargestAnswer;
        this.client.Timeout = Timeout.InfiniteTimeSpan;
    }

    public string Description => $"{this.vendor.Title} {this.address.Repository} at {this.root.Authority}";

    public void Dispose() => this.client.Dispose();

    /// <summary>The answer, whatever its status, once it is neither a transient failure nor a rate limit.</summary>
    public async Task<ForgeAnswer> TryAsync(ForgeRequest request, CancellationToken ct)
    {
        await this.patience.SettleAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            var started = this.options.Time.GetTimestamp();
            var (answer, error) = await this.OnceAsync(request, ct);
            if (answer is { IsTransient: false, IsRateLimit: false })
                return answer;
            this.patience.Spend(this.options.Time.GetElapsedTime(started));
            if (MayRepeat(request, answer, error) && await this.patience.WaitAsync(attempt, answer, ct))
                continue;
            if (!request.Repeatable)
                this.patience.Owe(answer);
            throw this.Unavailable(request, error?.Message ?? (answer!.IsRateLimit ? $"{answer.Status}, a rate limit" : $"{answer.Status}"), error);
        }
    }

    /// <summary>The answer of a request that succeeded; everything else is thrown as the family says.</summary>
    public async Task<ForgeAnswer> SendAsync(ForgeRequest request, CancellationToken ct)
    {
        var answer = await this.TryAsync(request, ct);
        return answer.IsSuccess ? answer : throw this.Problem(request, answer);
    }

    /// <summary>The exception for an answer that is no success.</summary>
    public ForgeException Problem(ForgeRequest request, ForgeAnswer answer)
    {
        var start = $"{this.Description}: cannot {request.What}";
        var said = ForgeErrorText.Of(answer.Body);
        switch (answer.Status)
        {
            case 401:
                return new ForgeRefusedException($"{start}: the token is missing or not accepted ({said}); {this.vendor.TokenAdvice}");
            case 403:
                var permission = this.vendor.AcceptedPermissions(answer) ?? request.Needs;
                return new ForgeRefusedException(
                    $"{start}: not allowed ({said})" + (permission is null ? "" : $"; {this.vendor.PermissionAdvice(permission)}"), permission);
            case 405:
                return new ForgeRefusedException($"{start}: {said}");
            case 404 or 410:
                return new ForgeNotFoundException($"{start}: not found ({said}); it may be deleted, or the token may not see it");
            case 409:
                return new ForgeConflictException($"{start}: {said}");
            default:
                return new ForgeException($"{start}: answered {answer.Status} ({said})");
        }
    }

    private static bool MayRepeat(ForgeRequest request, ForgeAnswer? answer, Exception? error) => error switch
    {
        // Nobody was there to do it.
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } => true,
        // A certificate that is wrong, and an answer that is too long, will be so again.
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded } => false,
        not null => request.Repeatable,
        _ => answer!.IsRateLimit || request.Repeatable,
    };

    private async Task<(ForgeAnswer? Answer, Exception? Error)> OnceAsync(ForgeRequest request, CancellationToken ct)
    {
        var left = this.patience.Left;
        var limit = left < this.options.AttemptTimeout ? left : this.options.AttemptTimeout;
        using var timer = new CancellationTokenSource(limit + TimeSpan.FromMilliseconds(1), this.options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return (await this.FollowAsync(request, both.Token), null);
        }
        catch (HttpRequestException error)
        {
            return (null, error);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            return (null, new TimeoutException($"no answer within {limit.TotalSeconds:0.#} s", error));
        }
    }

    // A repository that was renamed answers with its new address, on the same host.
    private async Task<ForgeAnswer> FollowAsync(ForgeRequest request, CancellationToken ct)
    {
        for (var hop = 0; ; hop++)
        {
            var answer = await this.SendOnceAsync(request, ct);
            if (answer.Status is not (301 or 302 or 307 or 308) || hop == MostRedirects || answer.Headers.Location is not { } place)
                return answer;
            request = request with { Path = new Uri(this.Address(request), place).AbsoluteUri };
        }
    }

    private async Task<ForgeAnswer> SendOnceAsync(ForgeRequest request, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(request.Method, this.Address(request));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue(this.options.UserAgent, null));
        this.vendor.Prepare(message.Headers);
        if (request.Json is not null)
            message.Content = new ByteArrayContent(request.Json) { Headers = { ContentType = MediaTypeHeaderValue.Parse(request.MediaType ?? "application/json; charset=utf-8") } };
        using var response = await this.client.SendAsync(message, ct);
        return new ForgeAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct), response.Headers);
    }

    // The addresses of next pages and of redirects come from answers: they must lead to the same host, for the token goes there.
    private Uri Address(ForgeRequest request)
    {
        var uri = new Uri(this.root, request.Path);
        return uri.Authority == this.root.Authority && uri.Scheme == this.root.Scheme
            ? uri
            : throw new ForgeException($"{this.Description}: cannot {request.What}: the forge points to another host, {uri.Authority}");
    }

    private ForgeUnavailableException Unavailable(ForgeRequest request, string why, Exception? inner) => new(
        $"{this.Description}: cannot {request.What}: {this.root.Host} did not answer properly ({why.TrimEnd('.')}); " +
        "check the network and the API's address, or try again later", inner);
}
