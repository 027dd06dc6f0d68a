using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Why a request got no outputs. Whose fault it was is counted as it is made.</summary>
/// <param name="Status">An HTTP status; 0 where nobody is left to hear it.</param>
/// <param name="Message">What, where, and how to fix it.</param>
/// <param name="RetryAfterSeconds">When the caller may come again; null where it would not help.</param>
internal readonly record struct Refusal(int Status, string Message, int? RetryAfterSeconds = null)
{
    private const int Soon = 1;

    /// <summary>Null for what no request should be able to cause.</summary>
    public static Refusal? Of(Exception error, ServedModel model, Generation? generation = null, InferenceCall? call = null)
    {
        switch (error)
        {
            case InvalidRequestException:
                model.Counters.CountInvalid();
                return new Refusal(StatusCodes.Status400BadRequest, error.Message);
            case OverloadedException full:
                model.Counters.CountShed();
                return new Refusal(full.Status, error.Message, Soon);
            case RequestTimeoutException late:
                model.Counters.CountLate();
                return new Refusal(late.Status, error.Message, late.Status == StatusCodes.Status504GatewayTimeout ? Soon : null);
            case BadHttpRequestException http:
                // Over the body limit, too slow, or cut off: Kestrel's own status (413, 408, 400).
                model.Counters.CountInvalid();
                return new Refusal(http.StatusCode, error.Message);
            case OperationCanceledException or IOException:
                model.Counters.CountGone();
                return new Refusal(0, error.Message);
            case OutputNotFiniteException when generation is not null:
                // What a caller sent as missing may make a model answer NaN; that is no evidence against the model.
                if (call!.HasMissingInput())
                    model.Counters.CountInvalid();
                else
                    model.CountFailure(generation);
                return new Refusal(StatusCodes.Status422UnprocessableEntity, $"the model {model.Name} {generation.Version} has no answer: {error.Message}");
            case RunCutShortException when generation is not null:
                model.CountFailure(generation);
                return new Refusal(StatusCodes.Status504GatewayTimeout, $"the model {model.Name} {generation.Version} gave no answer in time: {error.Message}");
            case OnnxException when call is not null && InputFit.Blame(call.Inputs, call.Values) is { } blame:
                model.Counters.CountInvalid();
                return new Refusal(StatusCodes.Status400BadRequest, $"the model {model.Name} does not take this: {blame}: {error.Message}");
            case OnnxException when generation is not null:
                model.CountFailure(generation);
                return new Refusal(StatusCodes.Status500InternalServerError, $"the model {model.Name} {generation.Version} failed: {error.Message}");
            default:
                return null;
        }
    }

    public static Refusal NotReady(ServedModel model)
    {
        model.Counters.CountUnready();
        return new Refusal(StatusCodes.Status503ServiceUnavailable, $"the model {model.Name} is not ready: {model.Board.WhyNotServing}", Soon);
    }

    public static Refusal OtherVersion(ServedModel model, Generation generation, string asked)
    {
        model.Counters.CountInvalid();
        return new Refusal(StatusCodes.Status404NotFound, $"the model {model.Name} serves the version {generation.Version}, not {asked}");
    }

    public static Refusal TooMany(ServedModel model)
    {
        model.Counters.CountShed();
        return new Refusal(StatusCodes.Status429TooManyRequests, "too many requests at once; try again", Soon);
    }
}
