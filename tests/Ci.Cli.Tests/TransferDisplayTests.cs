using Ci.Cli.Terminal;
using Ci.Data;
using Ci.Testing;
using Ci.Storage.FileSystem;

namespace Ci.Cli.Tests;

public sealed class TransferDisplayTests
{
    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    public async Task Who_waits_for_long_is_told_and_who_wants_quiet_is_not(bool interactive, bool quiet, bool told)
    {
        var error = await ShowAsync(interactive, quiet, told ? TimeSpan.FromSeconds(30) : TimeSpan.FromMilliseconds(600));
        Assert.Equal(told, error.Contains("Pushing", StringComparison.Ordinal));
        if (told)
            Assert.Contains("0 files, 0 B", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_at_once_is_not_announced() => Assert.Equal("", await ShowAsync(interactive: true, quiet: false, TimeSpan.Zero));

    [Fact]
    public async Task Files_and_bytes_are_counted_as_they_move()
    {
        using var folder = new TemporaryFolder();
        Project.Initialize(folder.Path);
        var project = Project.Open(folder.Path, TimeProvider.System);
        var path = folder.Write("f", new string('x', 5000));
        var progress = new TransferProgress();
        var output = new TrackedOutput(path, project.Workspace.Save(path));
        await new DataTransfer(project.Cache, new FolderBlobStore(folder.Of("store")), new TransferOptions { Progress = progress }).PushAsync([output]);
        Assert.Equal((1, 1, 5000L, 5000L), (progress.Files, progress.ExpectedFiles, progress.Bytes, progress.ExpectedBytes));
        Assert.Equal("1 files, 4.9 KiB", TransferDisplay.Text(progress));
    }

    /// <summary>Works for so long, or until something was said of it.</summary>
    private static async Task<string> ShowAsync(bool interactive, bool quiet, TimeSpan work)
    {
        var error = new StringWriter();
        var shared = TextWriter.Synchronized(error);
        var context = new CliContext
        {
            Out = TextWriter.Null, Error = shared, Environment = new Dictionary<string, string>(StringComparer.Ordinal), WorkingDirectory = "/", Time = new Hasty(), IsInteractive = interactive,
        };
        await TransferDisplay.ShowAsync(context, "Pushing", new TransferProgress(), quiet, async () =>
        {
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < work && !Said().Contains("0 B", StringComparison.Ordinal);)
                await Task.Delay(20);
            return 0;
        });
        return Said();

        string Said()
        {
            lock (shared)
                return error.ToString();
        }
    }

    // A hundred times as fast: what comes after a quarter of a minute comes in the test, too.
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime / 100, period);
    }
}
