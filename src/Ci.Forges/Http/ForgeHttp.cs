using System.Globalization;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Ci.Forges.Http;

/// <summary>Sends requests, patiently: retries what may be retried, with jitter, as the forge asks, under one deadline.</summary>
internal sealed class ForgeHttp : IDisposable
{
    // Larger than any answer of ours; a forge (or whoever answers in its place) does not fill our memory.
    private const long LargestAnswer = 32 * 1024 * 1024;

    private readonly HttpClient client;
    private readonly ForgeAddress address;
    private readonly ForgeOptions options;
    private readonly ForgeVendor vendor;
    private readonly Uri root;

    public ForgeHttp(ForgeAddress address, ForgeOptions options, ForgeVendor vendor, HttpMessageHandler? handler)
    {
        (this.address, this.options, this.vendor) = (address, options, vendor);
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
        var ends = this.options.Time.GetUtcNow() + this.options.Deadline;
        var retry = new RetryStrategyOptions<ForgeAnswer>
        {
            MaxRetryAttempts = Math.Clamp(this.options.Attempts, 1, 20) - 1 is var more and > 0 ? more : 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = this.options.FirstPause,
            MaxDelay = TimeSpan.FromSeconds(20),
            ShouldHandle = arguments => ValueTask.FromResult(
                this.options.Attempts > 1
                && this.MayRepeat(request, arguments.Outcome)
                && this.options.Time.GetUtcNow() + (this.PauseAskedFor(arguments.Outcome.Result) ?? TimeSpan.Zero) < ends),
            DelayGenerator = arguments => ValueTask.FromResult(this.PauseAskedFor(arguments.Outcome.Result)),
        };
        var pipeline = new ResiliencePipelineBuilder<ForgeAnswer> { TimeProvider = this.options.Time }.AddRetry(retry).Build();
        ForgeAnswer answer;
        try
        {
            answer = await pipeline.ExecuteAsync(async token => await this.OnceAsync(request, ends, token), ct);
        }
        catch (HttpRequestException error)
        {
            throw this.Unavailable(request, error.Message, error);
        }
        catch (TimeoutException error)
        {
            throw this.Unavailable(request, error.Message, error);
        }

        if (IsTransient(answer) || IsRateLimit(answer))
            throw this.Unavailable(request, IsRateLimit(answer) ? $"{answer.Status}, a rate limit" : $"{answer.Status}", null);
        return answer;
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

    private static bool IsTransient(ForgeAnswer answer) => answer.Status is 408 or 425 or 500 or 502 or 503 or 504;

    // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 or 429, by headers.
    private static bool IsRateLimit(ForgeAnswer answer) =>
        answer.Status == 429
        || (answer.Status == 403 && (answer.Header("Retry-After") is not null || answer.Header("X-RateLimit-Remaining") == "0"));

    private bool MayRepeat(ForgeRequest request, Outcome<ForgeAnswer> outcome) => outcome switch
    {
        // Nobody was there to do it.
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } } => true,
        { Exception: HttpRequestException or TimeoutException } => request.Repeatable,
        { Result: { } answer } => IsRateLimit(answer) || (IsTransient(answer) && request.Repeatable),
        _ => false,
    };

    private TimeSpan? PauseAskedFor(ForgeAnswer? answer)
    {
        if (answer?.Header("Retry-After") is { } text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(seconds);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                return Positive(at - this.options.Time.GetUtcNow());
        }

        return answer is not null && IsRateLimit(answer)
            && long.TryParse(answer.Header("X-RateLimit-Reset") ?? answer.Header("RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset)
                ? Positive(DateTimeOffset.FromUnixTimeSeconds(reset) - this.options.Time.GetUtcNow())
                : null;
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private async Task<ForgeAnswer> OnceAsync(ForgeRequest request, DateTimeOffset ends, CancellationToken ct)
    {
        var left = ends - this.options.Time.GetUtcNow();
        var patience = left < this.options.AttemptTimeout ? left : this.options.AttemptTimeout;
        using var timer = new CancellationTokenSource(Positive(patience) + TimeSpan.FromMilliseconds(1), this.options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        using var message = new HttpRequestMessage(request.Method, this.Address(request));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue(this.options.UserAgent, null));
        this.vendor.Prepare(message.Headers);
        if (request.Json is not null)
            message.Content = new ByteArrayContent(request.Json) { Headers = { ContentType = MediaTypeHeaderValue.Parse(request.MediaType ?? "application/json; charset=utf-8") } };
        try
        {
            using var response = await this.client.SendAsync(message, both.Token);
            return new ForgeAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(both.Token), response.Headers);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {patience.TotalSeconds:0.#} s", error);
        }
    }

    // The next page's address comes from an answer: it must lead to the same host, for the token goes there.
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
