using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace Ci.Storage.S3;

/// <summary>Turns what the SDK throws into the room's errors.</summary>
internal static class S3Error
{
    /// <summary>What a failed call means.</summary>
    /// <param name="error">As the SDK threw it.</param>
    /// <param name="description">The store.</param>
    /// <param name="what">Of what: <c>`files/md5/…`</c>.</param>
    /// <param name="right">The permission that the call needs, for the message when it is refused.</param>
    public static StorageException Translate(Exception error, string description, string what, string right) => error switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new StorageRefusedException($"{description} does not exist; make the bucket, or check the address and the region", error),
        AmazonS3Exception { ErrorCode: "RequestTimeTooSkewed" } => new StorageRefusedException($"{description} refused {what}: this machine's clock is off by more than 15 minutes: set it right", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refused => new StorageRefusedException(
            $"{description} refused {what} ({refused.ErrorCode}): {Advice(refused.ErrorCode, right)}", error),
        AmazonS3Exception { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect } => new StorageRefusedException(
            $"{description} lies in another region: set `region` (`mlops remote modify NAME region REGION`)", error),
        AmazonServiceException { StatusCode: HttpStatusCode.Conflict } busy => new StorageUnavailableException($"{description} is busy with {what}: {busy.Message}", error),
        AmazonServiceException { ErrorCode: "BadDigest" or "RequestTimeout" } damaged => new StorageUnavailableException($"{what} was damaged on the way to {description}: {damaged.Message}", error),
        AmazonServiceException service when WebCalls.IsTransient((int)service.StatusCode) || (int)service.StatusCode < 100 => new StorageUnavailableException(
            $"{description} answered {(int)service.StatusCode} {service.ErrorCode} for {what}: {service.Message}", error),
        AmazonServiceException service => new StorageRefusedException($"{description} answered {(int)service.StatusCode} {service.ErrorCode} for {what}: {service.Message}", error),
        // A connection that is cut while it is made shows as a bare socket error.
        HttpRequestException or SocketException or IOException or TimeoutException or OperationCanceledException or AmazonClientException =>
            new StorageUnavailableException($"cannot reach {description} for {what}: {(error.InnerException ?? error).Message}", error),
        _ => new StorageRefusedException($"{description}: {what}: {error.Message}", error),
    };

    private static string Advice(string code, string right) => code switch
    {
        "SignatureDoesNotMatch" => "the secret access key is not the one of this access key id",
        "InvalidAccessKeyId" => "the access key id is not known there",
        "ExpiredToken" => "the session token has expired",
        _ => $"the credentials need the permission {right}",
    };
}
