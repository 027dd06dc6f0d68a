using System.Buffers;
using System.IO.Pipelines;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>The hot path: body, lease, decode, run, encode, answer.</summary>
internal sealed class InferenceEndpoint(Admission admission, TimeProvider time)
{
    private const int RetryAfterSeconds = 1;

    public async Task AnswerAsync(HttpContext http, ServedModel model, string? version)
    {
        if (!admission.TryEnter())
        {
            model.Counters.CountShed();
            await HttpReply.ErrorAsync(http, StatusCodes.Status429TooManyRequests, "too many requests at once; try again", RetryAfterSeconds);
            return;
        }

        try
        {
            await InferAsync(http, model, version);
        }
        catch (BadHttpRequestException error)
        {
            // Over the body limit, too slow, or cut off: Kestrel's own status (413, 408, 400).
            model.Counters.CountInvalid();
            await HttpReply.ErrorAsync(http, error.StatusCode, error.Message);
        }
        finally
        {
            admission.Leave();
        }
    }

    private async Task InferAsync(HttpContext http, ServedModel model, string? version)
    {
        var body = http.Request.BodyReader;
        var read = await ReadAllAsync(body, http.RequestAborted);
        // The lease is taken after the body came: a slow client does not keep an old generation alive.
        var generation = model.Slot.Lease(Rollouts.CanaryKey.Of(http.Request));
        if (generation is null)
        {
            model.Counters.CountUnready();
            await HttpReply.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, $"the model {model.Name} is not ready: {model.Board.WhyNotServing}", RetryAfterSeconds);
            return;
        }

        var call = generation.RentCall();
        try
        {
            if (version is not null && version != generation.Version)
            {
                model.Counters.CountInvalid();
                await HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"the model {model.Name} serves the version {generation.Version}, not {version}");
                return;
            }

            var (status, message) = Run(read.Buffer, generation, call, model);
            await (message is null
                ? HttpReply.BytesAsync(http, status, HttpReply.JsonType, call.Response)
                : HttpReply.ErrorAsync(http, status, message));
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
            generation.ReturnCall(call);
            generation.GiveBack();
        }
    }

    private (int Status, string? Error) Run(ReadOnlySequence<byte> body, Generation generation, InferenceCall call, ServedModel model)
    {
        var began = time.GetTimestamp();
        try
        {
            InferenceRequestReader.Read(body, call);
            var outputs = call.Run();
            InferenceResponseWriter.Write(call.BeginResponse(), model.Name, generation.Version, call, outputs);
            var milliseconds = time.GetElapsedTime(began).TotalMilliseconds;
            generation.Health.Succeeded(milliseconds);
            model.Counters.CountOk();
            model.Recorder.Record(generation, call.Values!, outputs, milliseconds);
            return (StatusCodes.Status200OK, null);
        }
        catch (InvalidRequestException error)
        {
            model.Counters.CountInvalid();
            return (StatusCodes.Status400BadRequest, error.Message);
        }
        catch (OutputNotFiniteException error)
        {
            // What a caller sent as missing may make a model answer NaN; that is no evidence against the model.
            if (call.HasMissingInput())
                model.Counters.CountInvalid();
            else
                CountFailure(generation, model);
            return (StatusCodes.Status422UnprocessableEntity, $"the model {model.Name} {generation.Version} has no answer: {error.Message}");
        }
        catch (OnnxException error)
        {
            CountFailure(generation, model);
            return (StatusCodes.Status500InternalServerError, $"the model {model.Name} {generation.Version} failed: {error.Message}");
        }
    }

    private static void CountFailure(Generation generation, ServedModel model)
    {
        generation.Health.Failed();
        model.Counters.CountFailed();
        model.Recorder.RecordError(generation);
    }

    private static async ValueTask<ReadResult> ReadAllAsync(PipeReader body, CancellationToken ct)
    {
        while (true)
        {
            var read = await body.ReadAsync(ct);
            if (read.IsCompleted)
                return read;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
