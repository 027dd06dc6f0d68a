using System.Security.Cryptography;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>Two models that need the same file at the same moment refused it once, each for what the other had written.</summary>
public sealed class SharedObjectTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Two_models_that_need_the_same_file_at_once_both_get_it()
    {
        var store = new ObjectStore(DiskFiles.Instance, folder.Of("data"), chunkBytes: 1024);
        var bytes = RandomNumberGenerator.GetBytes(20_000);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.StoreAsync(digest, bytes.Length, (offset, _) => Task.FromResult<Stream>(new MemoryStream(bytes[(int)offset..])), CancellationToken.None))));
        Assert.All(outcomes, outcome => Assert.Equal(StoreOutcome.Stored, outcome));
        Assert.True(store.IsIntact(digest, bytes.Length));
    }

    [Fact]
    public async Task Who_fails_or_gives_up_waiting_holds_nobody()
    {
        var turns = new ObjectTurns();
        var first = new TaskCompletionSource<int>();
        var failing = turns.RunAsync("a", () => first.Task, CancellationToken.None);
        using var enough = new CancellationTokenSource();
        var waiting = turns.RunAsync("a", () => Task.FromResult(2), enough.Token);
        var after = turns.RunAsync("a", () => Task.FromResult(3), CancellationToken.None);
        Assert.Equal(9, await turns.RunAsync("b", () => Task.FromResult(9), CancellationToken.None));
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(after.IsCompleted); // The first is still at it.
        first.SetException(new IOException("planted"));
        await Assert.ThrowsAsync<IOException>(() => failing);
        Assert.Equal(3, await after.WaitAsync(TimeSpan.FromSeconds(5)));
    }
}
