using System.Globalization;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;

namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>
/// Unary gRPC calls over HTTP/2: one framed message in, one out, the status in the trailers. Written by hand because the six calls of
/// the protocol need none of what a framework brings along (ADR 0026).
/// </summary>
internal sealed class GrpcEndpoint(GrpcService service, RequestBodies bodies, TimeProvider time)
{
    public const string Prefix = "/inference.GRPCInferenceService/";
    private const string ContentType = "application/grpc";
    private const int MaxMessageBytes = 1024;

    public async Task AnswerAsync(HttpContext http, string path)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) || !HttpMethods.IsPost(http.Request.Method) || !(http.Request.ContentType ?? "").StartsWith(ContentType, StringComparison.Ordinal))
        {
            await HttpReply.ErrorAsync(http, StatusCodes.Status415UnsupportedMediaType, "gRPC needs HTTP/2, POST and the content type application/grpc; set `grpcListen` and call there");
            return;
        }

        http.Response.ContentType = ContentType;
        http.Response.Headers["grpc-accept-encoding"] = "identity";
        try
        {
            await CallAsync(http, path[Prefix.Length..]);
            End(http, GrpcStatus.Ok, "");
        }
        catch (GrpcException error)
        {
            End(http, error.Status, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            End(http, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? GrpcStatus.ResourceExhausted : GrpcStatus.InvalidArgument, error.Message);
        }
        catch (InvalidProtocolBufferException)
        {
            End(http, GrpcStatus.InvalidArgument, "the message is not valid protobuf of the call's type");
        }
        catch (OverloadedException error)
        {
            End(http, GrpcStatus.ResourceExhausted, error.Message);
        }
        catch (Exception error) when (error is RequestTimeoutException or OperationCanceledException or IOException)
        {
            End(http, http.RequestAborted.IsCancellationRequested ? GrpcStatus.Cancelled : GrpcStatus.DeadlineExceeded, error.Message);
        }
    }

    private async Task CallAsync(HttpContext http, string method)
    {
        var body = await bodies.ReadAsync(http);
        IMessage answer;
        try
        {
            var (message, key) = (GrpcFrame.Open(body.Bytes), Rollouts.CanaryKey.Of(http.Request).ToString());
            if (GrpcTimeout.Parse(http.Request.Headers["grpc-timeout"]) is { } timeout)
            {
                using var deadline = new CancellationTokenSource(timeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
                answer = await service.CallAsync(method, message, key, either.Token);
            }
            else
            {
                answer = await service.CallAsync(method, message, key, http.RequestAborted);
            }
        }
        finally
        {
            bodies.GiveBack(http, body);
        }

        GrpcFrame.Write(http.Response.BodyWriter, answer);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static void End(HttpContext http, GrpcStatus status, string message)
    {
        // Before anything was written, Kestrel joins head and trailers: what the protocol calls trailers-only is one head then.
        var trailers = http.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        trailers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (message.Length > 0)
            trailers["grpc-message"] = Encode(message);
    }

    /// <summary>UTF-8, percent-encoded where it is no printable ASCII.</summary>
    private static string Encode(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var b in Encoding.UTF8.GetBytes(message).AsSpan())
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            if (text.Length >= MaxMessageBytes)
                break;
        }

        return text.ToString();
    }
}
