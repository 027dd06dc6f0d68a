using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>A model whose folder cannot be opened: the others start and serve, it says why, and it is tried again at every look.</summary>
public sealed class UnopenableModelTests
{
    public enum Trouble
    {
        FileInItsPlace,
        JournalIsAFolder,
        PointerIsAFolder,
        LinkToItself,
        NonsenseState,
        DocumentsAreAFile,
    }

    public static TheoryData<Trouble> Troubles => [.. Enum.GetValues<Trouble>()];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Whatever_is_wrong_with_one_models_folder_the_other_starts_serves_and_updates(Trouble trouble)
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await world.PromoteAsync(TwoModels.Second, "1.0.0", 1);
        var configuration = world.Configure();
        await using (var first = await RunningAgent.StartAsync(configuration))
        {
            await TwoModels.ServesAsync(first, TwoModels.First, "1.0.0");
            await TwoModels.ServesAsync(first, TwoModels.Second, "1.0.0");
        }

        var folder = Path.Combine(world.Deployment.Data, "models", TwoModels.First);
        var mend = Spoil(trouble, folder);
        await using var agent = await RunningAgent.StartAsync(configuration);
        Assert.Equal("1.0.0", agent.Agent.Status().Models[1].Serving!.Version);
        await world.PromoteAsync(TwoModels.Second, "2.0.0", 2);
        await TwoModels.ServesAsync(agent, TwoModels.Second, "2.0.0");
        if (trouble != Trouble.DocumentsAreAFile)
        {
            await TwoModels.UntilAsync(agent, TwoModels.First, m => m.State == AgentState.SafeMode && m.WhyNot is { Length: > 20 });
            Assert.Contains(TwoModels.First, agent.Agent.Status().Models[0].WhyNot, StringComparison.Ordinal);
            Assert.Contains("safe mode:", agent.Log, StringComparison.Ordinal);
            Assert.Contains("ml_edge_state{model=\"breast-mlp\",state=\"SafeMode\"} 1", await agent.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }

        mend();
        if (trouble is Trouble.PointerIsAFolder or Trouble.NonsenseState) // Damage is an operator's to set aside.
            agent.Agent.Control.Resume(DateTimeOffset.UnixEpoch, TwoModels.First);
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_that_may_not_be_read_or_fails_when_it_is_is_tried_again_until_it_may(bool denied)
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await world.PromoteAsync(TwoModels.Second, "1.0.0", 1);
        var configuration = world.Configure(",\"mailbox\":{\"store\":\"mailbox\",\"seconds\":0.2}");
        await using (var first = await RunningAgent.StartAsync(configuration))
        {
            await TwoModels.ServesAsync(first, TwoModels.First, "1.0.0");
            await TwoModels.ServesAsync(first, TwoModels.Second, "1.0.0");
        }

        var files = new ShutFolders(TwoModels.First, denied);
        await using var agent = await RunningAgent.StartAsync(configuration, files: files);
        await world.PromoteAsync(TwoModels.Second, "2.0.0", 2);
        await TwoModels.ServesAsync(agent, TwoModels.Second, "2.0.0");
        Assert.DoesNotContain("failed unexpectedly", agent.Log, StringComparison.Ordinal);
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.State == AgentState.SafeMode && m.WhyNot?.Contains("refuses", StringComparison.Ordinal) == true);
        Assert.Contains("ml_edge_state{model=\"breast-mlp\",state=\"SafeMode\"} 1", await agent.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(agent.Agent.Status().TelemetryError is not null)));
        files.IsShut = false;
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
    }

    private static Action Spoil(Trouble trouble, string folder)
    {
        var away = folder + ".away";
        var (journal, pointer, documents) = (Path.Combine(folder, "journal"), Path.Combine(folder, "current"), Path.Combine(folder, "releases"));
        switch (trouble)
        {
            case Trouble.FileInItsPlace:
            case Trouble.LinkToItself:
                Directory.Move(folder, away);
                if (trouble == Trouble.FileInItsPlace)
                    File.WriteAllText(folder, "not a folder");
                else
                    File.CreateSymbolicLink(folder, folder);
                return () =>
                {
                    File.Delete(folder);
                    Directory.Move(away, folder);
                };
            case Trouble.DocumentsAreAFile:
                Directory.Move(documents, away);
                File.WriteAllText(documents, "not a folder");
                return () =>
                {
                    File.Delete(documents);
                    if (!Directory.Exists(documents))
                        Directory.Move(away, documents);
                };
            case Trouble.JournalIsAFolder:
            case Trouble.PointerIsAFolder:
                var path = trouble == Trouble.JournalIsAFolder ? journal : pointer;
                File.Move(path, away);
                Directory.CreateDirectory(path);
                return () =>
                {
                    Directory.Delete(path);
                    File.Move(away, path);
                };
            default:
                File.WriteAllBytes(journal, EdgeAgent.Journal.JournalRecord.Encode(1, new byte[32], "[1,2"u8));
                return () => { };
        }
    }

    /// <summary>The real disk, of which all folders of one model refuse everything.</summary>
    private sealed class ShutFolders(string model, bool denied) : IDeviceFiles
    {
        private readonly DiskFiles inner = DiskFiles.Instance;

        public bool IsShut { get; set; } = true;

        public long? Length(string path) => inner.Length(Open(path));

        public Stream OpenRead(string path) => inner.OpenRead(Open(path));

        public IDeviceFile OpenAppend(string path) => inner.OpenAppend(Open(path));

        public void Rename(string from, string to) => inner.Rename(Open(from), Open(to));

        public void SyncFolder(string folder) => inner.SyncFolder(Open(folder));

        public void Delete(string path) => inner.Delete(Open(path));

        public IReadOnlyList<string> List(string folder) => inner.List(Open(folder));

        public long FreeBytes(string path) => inner.FreeBytes(Open(path));

        private string Open(string path)
        {
            if (IsShut && (path + "/").Contains($"/{model}/", StringComparison.Ordinal))
                throw denied ? new UnauthorizedAccessException($"Access to the path '{path}' is denied.") : new IOException($"Input/output error : '{path}'");
            return path;
        }
    }
}
