using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Telemetry;
using Ci.EdgeAgent.Updates;
using Ci.Releases;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

/// <summary>The power goes at every disk operation of an update, before it, after it, and in the middle of a write.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(CutKind.Before)]
    [InlineData(CutKind.After)]
    [InlineData(CutKind.Torn)]
    public async Task Wherever_the_power_goes_a_proven_model_serves_after_the_restart_and_the_update_arrives(CutKind kind)
    {
        using var deployment = new Deployment();
        using var folder = new TemporaryFolder();
        var configuration = deployment.Configure(soak: 0);
        var source = new FixedSource();
        source.Set(deployment, deployment.Sign("1.0.0"), 1);
        await Support.StoreAsync(deployment.Blobs, source.Signed);
        var template = folder.Of("template");
        using (var device = new Device(configuration with { Data = template }, source, deployment, DiskFiles.Instance))
            await device.UpdateAsync("1.0.0");

        source.Set(deployment, deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await Support.StoreAsync(deployment.Blobs, source.Signed);
        var points = 0;
        for (var finished = false; !finished; points++)
        {
            var data = folder.Of($"run-{points}");
            Copy(template, data);
            var files = new CuttingFiles(points, kind);
            finished = await RunUntilCutAsync(configuration with { Data = data }, source, deployment, files);

            using var device = new Device(configuration with { Data = data }, source, deployment, DiskFiles.Instance);
            Assert.Contains(device.Serving, new[] { "1.0.0", "2.0.0" });
            await device.UpdateAsync("2.0.0");
            Assert.Equal(2, device.Room.Store.Pointer.Sequence);
            Directory.Delete(data, recursive: true);
        }

        Assert.True(points > 40, $"only {points} points");
    }

    private static async Task<bool> RunUntilCutAsync(AgentConfiguration configuration, FixedSource source, Deployment deployment, CuttingFiles files)
    {
        try
        {
            using var device = new Device(configuration, source, deployment, files);
            await device.UpdateAsync("2.0.0");
            return true;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>One model of an agent without its listener: what the disk sees.</summary>
    private sealed class Device : IDisposable
    {
        private readonly ModelReconciler reconciler;

        public Device(AgentConfiguration configuration, IDeploySource source, Deployment deployment, IDeviceFiles files)
        {
            var time = TimeProvider.System;
            Room = new ModelRoom
            {
                Model = Deployment.Model,
                Configuration = configuration,
                Keys = [TrustedKey.Of(deployment.Key)],
                Files = files,
                Store = StateStore.Open(files, Path.Combine(configuration.Data, "models", Deployment.Model)),
                Objects = new ObjectStore(files, configuration.Data),
                Source = source,
                Blobs = deployment.Blobs,
                Loader = new OnnxLoader(Support.Runtime, configuration),
                Served = new ServedModel(Deployment.Model, new PredictionRecorder(false, time), new ModelBoard(Deployment.Model)),
                Time = time,
                Tell = _ => { },
                KeptByOthers = () => new HashSet<string>(),
            };
            reconciler = new ModelReconciler(Room);
            reconciler.Start();
        }

        public ModelRoom Room { get; }

        public string? Serving => Room.Served.Slot.Current?.Version;

        public async Task UpdateAsync(string version)
        {
            for (var i = 0; i < 4 && !Room.Served.Board.Status.InSync; i++)
                await reconciler.RunOnceAsync(false, false, CancellationToken.None);
            Assert.Equal(version, Serving);
            Assert.True(Room.Served.Board.Status.InSync, Room.Served.Board.Status.WhyNot);
        }

        public void Dispose()
        {
            reconciler.Dispose();
            Room.Served.Dispose();
            Room.Store.Dispose();
        }
    }

    private sealed class FixedSource : IDeploySource
    {
        private Dictionary<string, byte[]> files = [];

        public string Description => "a fixed source";

        public SignedRelease Signed { get; private set; } = null!;

        public void Set(Deployment deployment, SignedRelease signed, long sequence)
        {
            Assert.NotNull(deployment);
            Signed = signed;
            files = new Dictionary<string, byte[]>
            {
                [$"channels/{Deployment.Environment}/{Deployment.Model}.json"] = new Channel
                {
                    Environment = Deployment.Environment, Model = Deployment.Model, Release = signed.Release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([1]),
                }.ToBytes(),
                [$"releases/{Deployment.Model}/{signed.Release.Id}.json"] = signed.Document,
                [$"releases/{Deployment.Model}/{signed.Release.Id}.sigstore.json"] = signed.Bundle,
            };
        }

        public Task<string> RefreshAsync(CancellationToken ct) => Task.FromResult("r");

        public Task<byte[]?> ReadAsync(string revision, string path, CancellationToken ct) => Task.FromResult(files.GetValueOrDefault(path));
    }
}

public enum CutKind
{
    Before,
    After,
    Torn,
}

internal sealed class PowerCutException : Exception;

/// <summary>The disk until the power goes; afterwards nothing reaches it.</summary>
internal sealed class CuttingFiles(int point, CutKind kind) : IDeviceFiles
{
    private int left = point;
    private bool dead;

    public long? Length(string path) => DiskFiles.Instance.Length(path);

    public Stream OpenRead(string path) => DiskFiles.Instance.OpenRead(path);

    public IReadOnlyList<string> List(string folder) => DiskFiles.Instance.List(folder);

    public long FreeBytes(string path) => DiskFiles.Instance.FreeBytes(path);

    public IDeviceFile OpenAppend(string path) => new CuttingFile(this, DiskFiles.Instance.OpenAppend(path));

    public void Rename(string from, string to) => Do(() => DiskFiles.Instance.Rename(from, to));

    public void SyncFolder(string folder) => Do(() => DiskFiles.Instance.SyncFolder(folder));

    public void Delete(string path)
    {
        if (DiskFiles.Instance.Length(path) is not null)
            Do(() => DiskFiles.Instance.Delete(path));
    }

    private void Do(Action action, Action? half = null)
    {
        if (dead)
            throw new PowerCutException();
        if (left-- > 0)
        {
            action();
            return;
        }

        dead = true;
        if (kind == CutKind.After)
            action();
        else if (kind == CutKind.Torn)
            half?.Invoke();
        throw new PowerCutException();
    }

    private sealed class CuttingFile(CuttingFiles owner, IDeviceFile inner) : IDeviceFile
    {
        public long Length => inner.Length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            owner.Do(() => inner.Write(copy), () => inner.Write(copy.AsSpan(0, copy.Length / 2)));
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            owner.Do(() => inner.WriteAt(offset, copy), () => inner.WriteAt(offset, copy.AsSpan(0, copy.Length / 2)));
        }

        public void Truncate(long length) => owner.Do(() => inner.Truncate(length));

        public void Sync() => owner.Do(inner.Sync);

        public void Dispose() => inner.Dispose();
    }
}
