using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Ci.Storage.S3;

/// <summary>Makes the SDK's client of a location: everything that it could look for in the process's environment is said here.</summary>
internal static class S3Client
{
    private const string Somewhere = "us-east-1";

    /// <summary>The service that is meant, where it is not Amazon's.</summary>
    public static string? EndpointOf(BlobLocation location) =>
        location.Setting("endpointurl") ?? location.Variable("AWS_ENDPOINT_URL_S3") ?? location.Variable("AWS_ENDPOINT_URL");

    public static AmazonS3Client Of(BlobLocation location)
    {
        var region = S3Credentials.RegionOf(location) ?? Somewhere;
        var endpoint = EndpointOf(location);
        var verify = location.Setting("ssl_verify")?.ToLowerInvariant();
        if (verify is not (null or "true"))
            throw new StorageRefusedException($"{location.Shown(location.Address)}: `ssl_verify` other than true is not known for s3; add the authority to the machine's own (SSL_CERT_FILE)");
        var config = new AmazonS3Config
        {
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            // One: it is how the SDK corrects for a clock that is off. Everything else is retried by the decorator.
            MaxErrorRetry = 1,
            Timeout = location.Seconds("read_timeout", WebCalls.Patience),
            ConnectTimeout = location.Seconds("connect_timeout", TimeSpan.FromSeconds(15)),
            IgnoreConfiguredEndpointUrls = true,
            UseFIPSEndpoint = false,
            UseDualstackEndpoint = false,
            // The newer trailing checksums are not known to every compatible service; each body carries its MD5 instead.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            UseHttp = !location.Flag("use_ssl", true),
        };
        if (endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        else
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region;
            config.ForcePathStyle = true;
        }

        if (location.Proxy is { } proxy)
            config.SetWebProxy(proxy);
        return new AmazonS3Client(S3Credentials.Of(location), config);
    }
}
