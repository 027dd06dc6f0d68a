namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>The codes of gRPC that are answered here; the numbers are the protocol's.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    Cancelled = 1,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}
