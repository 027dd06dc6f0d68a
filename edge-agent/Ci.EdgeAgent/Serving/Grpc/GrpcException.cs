namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>The call ends with this status and message.</summary>
internal sealed class GrpcException(GrpcStatus status, string message) : EdgeAgentException(message)
{
    public GrpcStatus Status { get; } = status;

    public static GrpcException Of(Refusal refusal) => new(
        refusal.Status switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType => GrpcStatus.InvalidArgument,
            StatusCodes.Status404NotFound => GrpcStatus.NotFound,
            StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => GrpcStatus.DeadlineExceeded,
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => GrpcStatus.ResourceExhausted,
            StatusCodes.Status422UnprocessableEntity => GrpcStatus.FailedPrecondition,
            StatusCodes.Status503ServiceUnavailable => GrpcStatus.Unavailable,
            0 => GrpcStatus.Cancelled,
            _ => GrpcStatus.Internal,
        },
        refusal.Message);
}
