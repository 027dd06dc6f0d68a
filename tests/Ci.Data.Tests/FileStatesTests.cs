using Ci.Data.Files;
using Ci.Testing;

namespace Ci.Data.Tests;

public sealed class FileStatesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void What_two_processes_learn_at_the_same_time_is_all_kept()
    {
        var (one, two) = (this.Open(), this.Open());
        var stamp = new FileStamp(1, 2, 3, 4, false);
        one.Remember(Hash(1), stamp, Hash(11));
        two.Remember(Hash(2), stamp, Hash(22));
        // Each has opened the table before the other one saved.
        Assert.False(one.TryFind(Hash(2), stamp, out _) || two.TryFind(Hash(1), stamp, out _));
        one.Save();
        two.Save();
        var third = this.Open();
        Assert.True(third.TryFind(Hash(1), stamp, out var first) && first == Hash(11));
        Assert.True(third.TryFind(Hash(2), stamp, out var second) && second == Hash(22));
    }

    [Fact]
    public void Many_entries_are_found_again_and_the_later_one_counts()
    {
        var states = this.Open();
        var stamp = new FileStamp(5, 6, 7, 8, true);
        for (var i = 0; i < 5000; i++)
            states.Remember(FileKey.Of($"/folder/{i}"), stamp, Hash(i));
        states.Save();
        var next = this.Open();
        for (var i = 0; i < 5000; i += 3)
            next.Remember(FileKey.Of($"/folder/{i}"), stamp, Hash(i + 100_000));
        next.Save();
        var last = this.Open();
        for (var i = 0; i < 5000; i++)
            Assert.True(last.TryFind(FileKey.Of($"/folder/{i}"), stamp, out var md5) && md5 == Hash(i + (i % 3 == 0 ? 100_000 : 0)));
        Assert.False(last.TryFind(FileKey.Of("/folder/5000"), stamp, out _));
        Assert.False(last.TryFind(FileKey.Of("/folder/1"), stamp with { Size = 6 }, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mlops-files 3\nold")]
    [InlineData("mlops-files 4\n\0\0................and a torn entry")]
    public void A_table_of_another_time_or_torn_is_an_empty_one(string text)
    {
        this.folder.Write("states", text);
        var states = this.Open();
        var stamp = new FileStamp(1, 2, 3, 4, false);
        Assert.False(states.TryFind(Hash(1), stamp, out _));
        states.Remember(Hash(1), stamp, Hash(11));
        states.Save();
        Assert.True(this.Open().TryFind(Hash(1), stamp, out _));
    }

    [Fact]
    public void A_young_file_is_not_remembered_for_a_change_in_the_same_moment_would_not_show()
    {
        var states = this.Open();
        var stamp = new FileStamp(1, states.Now(), states.Now(), 4, false);
        states.Remember(Hash(1), stamp, Hash(11));
        Assert.False(states.TryFind(Hash(1), stamp, out _));
        states.Remember(Hash(1), stamp, Hash(11), settled: true);
        Assert.True(states.TryFind(Hash(1), stamp, out _));
    }

    private FileStates Open() => new(this.folder.Of("states"), TimeProvider.System, new FileLocks(this.folder.Of("locks")));

    private static Hash128 Hash(int number) => new(0, (ulong)number);
}
