using Ci.Testing;

namespace Ci.Storage.Tests;

public sealed class S3BlobStoreTests(S3Fixture s3) : IClassFixture<S3Fixture>
{
    // s3rver knows no conditional puts: of two that race the later one stands, as the store says of such services.
    private const string Racing = "Racing_puts_of_one_key_agree_on_a_single_winner";

    public static TheoryData<string> Checks() => [.. BlobStoreConformance.Names];

    public static TheoryData<string> ChecksWithoutConditions() => [.. BlobStoreConformance.Names.Where(name => name != Racing)];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_s3_store_conforms_on_a_strict_service(string check) => BlobStoreConformance.RunAsync(check, s3.NewSimulatorStore());

    [Theory]
    [MemberData(nameof(ChecksWithoutConditions))]
    public Task The_s3_store_conforms_on_s3rver(string check) => BlobStoreConformance.RunAsync(check, s3.NewRverStore());
}
