using System.Buffers;
using Ci.EdgeAgent.Generations;

namespace Ci.EdgeAgent.Serving;

/// <summary>The hot path of REST: body, lease, decode, run, encode, answer. Nothing here is logged, and little is allocated.</summary>
internal sealed class InferenceEndpoint(Admission admission, RequestBodies bodies, TimeProvider time)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";
    public const string BinaryType = "application/octet-stream";

    public async Task AnswerAsync(HttpContext http, ServedModel model, string? version)
    {
        Refusal refusal;
        try
        {
            if (UnreadableEncoding(http) is { } encoding)
                refusal = new Refusal(StatusCodes.Status415UnsupportedMediaType, $"a body with the content encoding {encoding} is not taken; send it as it is");
            else if (admission.IsFull)
                refusal = Refusal.TooMany(model); // before its body takes memory
            else if (await BodyAsync(http, model, version) is { } refused)
                refusal = refused;
            else
                return;
        }
        catch (Exception error) when (Refusal.Of(error, model) is { } refused)
        {
            refusal = refused;
        }

        await RefuseAsync(http, refusal);
    }

    private async ValueTask<Refusal?> BodyAsync(HttpContext http, ServedModel model, string? version)
    {
        var body = await bodies.ReadAsync(http);
        try
        {
            // Only now, so that slow callers keep no one from running.
            if (!admission.TryEnter())
                return Refusal.TooMany(model);
            try
            {
                return await LeaseAsync(http, model, version, body.Bytes);
            }
            finally
            {
                admission.Leave();
            }
        }
        finally
        {
            bodies.GiveBack(http, body);
        }
    }

    private async ValueTask<Refusal?> LeaseAsync(HttpContext http, ServedModel model, string? version, ReadOnlySequence<byte> body)
    {
        // The lease is taken after the body came: a slow client does not keep an old generation alive.
        var generation = model.Slot.Lease(Rollouts.CanaryKey.Of(http.Request));
        if (generation is null)
            return Refusal.NotReady(model);
        var call = generation.RentCall();
        try
        {
            if (version is not null && version != generation.Version)
                return Refusal.OtherVersion(model, generation, version);
            await InferAsync(http, model, generation, call, body);
            await SendAsync(http, call);
            return null;
        }
        catch (Exception error) when (error is not IOException && Refusal.Of(error, model, generation, call) is { } refused)
        {
            return refused;
        }
        finally
        {
            generation.ReturnCall(call);
            generation.GiveBack();
        }
    }

    private async ValueTask InferAsync(HttpContext http, ServedModel model, Generation generation, InferenceCall call, ReadOnlySequence<byte> body)
    {
        var began = time.GetTimestamp();
        InferenceRequestReader.Read(body, JsonBytes(http, body.Length), call);
        var outputs = await model.RunAsync(generation, call, http.RequestAborted);
        InferenceResponseWriter.Write(model.Name, generation.Version, call, outputs);
        model.CountSuccess(generation, call, outputs, time.GetElapsedTime(began).TotalMilliseconds);
    }

    private static Task SendAsync(HttpContext http, InferenceCall call)
    {
        if (call.JsonBytes is not { } json)
            return HttpReply.BytesAsync(http, StatusCodes.Status200OK, HttpReply.JsonType, call.Response);
        http.Response.Headers[JsonLengthHeader] = json.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return HttpReply.BytesAsync(http, StatusCodes.Status200OK, BinaryType, call.Response);
    }

    private static Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        if (refusal.Status == 0)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        // What is left of a body that was not read is not read later either.
        if (refusal.Status == StatusCodes.Status415UnsupportedMediaType)
            http.Response.Headers.AcceptEncoding = "identity";
        if (refusal.Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge && !HttpProtocol.IsHttp2(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        return HttpReply.ErrorAsync(http, refusal.Status, refusal.Message, refusal.RetryAfterSeconds);
    }

    private static long JsonBytes(HttpContext http, long bodyBytes)
    {
        var header = http.Request.Headers[JsonLengthHeader];
        if (header.Count == 0)
            return bodyBytes;
        if (header.Count != 1 || !long.TryParse(header[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var json) || json > bodyBytes)
            throw new InvalidRequestException($"{JsonLengthHeader} must be one whole number, at most the body's {bodyBytes} bytes");
        return json;
    }

    private static string? UnreadableEncoding(HttpContext http)
    {
        var encoding = http.Request.Headers.ContentEncoding;
        return encoding.Count == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase) ? null : encoding.ToString();
    }
}
