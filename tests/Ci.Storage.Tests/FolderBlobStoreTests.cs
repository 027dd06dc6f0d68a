using Ci.Storage.FileSystem;
using Ci.Testing;

namespace Ci.Storage.Tests;

public sealed class FolderBlobStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Checks() => [.. BlobStoreConformance.Names];

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_folder_store_conforms(string check) => BlobStoreConformance.RunAsync(check, new FolderBlobStore(this.folder.Of("store")));

    [Fact]
    public async Task A_folder_that_is_not_there_is_unavailable_rather_than_empty()
    {
        var store = new FolderBlobStore(this.folder.Of("no", "such"));
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.StatAsync("k"));
        Assert.Contains(store.Root, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_where_a_folder_is_wanted_is_refused_with_the_reason()
    {
        var store = new FolderBlobStore(this.folder.Path);
        await store.PutAsync("a", new MemoryStream([1]));
        var error = await Assert.ThrowsAsync<StorageRefusedException>(() => store.PutAsync("a/b", new MemoryStream([1])));
        Assert.Contains("same name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_left_behind_by_a_crash_is_never_listed()
    {
        var store = new FolderBlobStore(this.folder.Path);
        await store.PutAsync("d/k", new MemoryStream([1]));
        await File.WriteAllTextAsync(DurableFiles.TemporaryBeside(this.folder.Of("d", "k")), "half");
        var keys = new List<string>();
        await foreach (var info in store.ListAsync(""))
            keys.Add(info.Key);
        Assert.Equal(["d/k"], keys);
    }

    [Fact]
    public void Addresses_find_their_provider_or_an_error_that_lists_them()
    {
        Assert.Equal($"folder {this.folder.Path}", BlobStores.Default.Open(this.folder.Path).Description);
        Assert.Equal($"folder {this.folder.Path}", BlobStores.Default.Open($"file://{this.folder.Path}").Description);
        Assert.Equal("web address https://example.org/blobs/", BlobStores.Default.Open("https://example.org/blobs").Description);
        var error = Assert.Throws<UnknownBlobStoreException>(() => BlobStores.Default.Open("ftp://host/x"));
        Assert.Contains("a folder", error.Message, StringComparison.Ordinal);
        Assert.Throws<UnknownBlobStoreException>(() => BlobStores.Default.Open(" "));
    }

    [Fact]
    public void Digests_become_keys_and_nothing_else_does()
    {
        var hex = new string('a', 63) + "0";
        Assert.Equal($"sha256/aa/{hex}", BlobKeys.OfSha256(hex));
        Assert.Throws<InvalidBlobKeyException>(() => BlobKeys.OfSha256(hex.ToUpperInvariant()));
        Assert.Throws<InvalidBlobKeyException>(() => BlobKeys.OfSha256("../../../etc"));
    }
}
