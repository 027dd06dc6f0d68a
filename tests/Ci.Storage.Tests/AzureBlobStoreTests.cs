using Ci.Storage.AzureBlobs;
using Ci.Testing;
using Ci.Testing.Network;
using Ci.Testing.Stores;

namespace Ci.Storage.Tests;

public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    public static TheoryData<string> Checks() => [.. BlobStoreConformance.Names];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_azure_store_conforms(string check) => BlobStoreConformance.RunAsync(check, azurite.NewStore());
}
