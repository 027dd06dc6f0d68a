using Ci.Storage.FileSystem;

namespace Ci.Testing.FileSystem;

/// <summary>
/// The real disk until one chosen operation; then that operation meets a <see cref="Fault"/>. After a kill or a power cut every further
/// operation throws, so that nothing that would have been dead tidies up. Operations of several threads are counted in the order in which
/// they come.
/// </summary>
/// <param name="at">Which operation, counted from 0; one beyond the last never happens.</param>
/// <param name="fault">What happens there.</param>
/// <param name="attic">A folder on the same file system, for what a power cut brings back.</param>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FaultyDisk(int at, Fault fault, string attic) : IDisk
{
    private readonly Lock gate = new();
    private readonly UnflushedChanges unflushed = new(attic);
    private bool isDead;
    private bool isFull;

    /// <summary>How many operations were begun.</summary>
    public int Operations { get; private set; }

    /// <summary>Whether the chosen operation was reached.</summary>
    public bool Happened { get; private set; }

    private static IDisk Real => Disk.Real;

    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var bytes = content.ToArray();
        this.Step(
            () =>
            {
                Real.Write(path, bytes, mode);
                this.unflushed.Made(path);
            },
            takesRoom: true,
            torn: () => Real.Write(path, bytes.AsSpan(0, bytes.Length / 2), mode));
    }

    public Stream Create(string path, UnixFileMode mode)
    {
        Stream? stream = null;
        this.Step(
            () =>
            {
                stream = Real.Create(path, mode);
                this.unflushed.Made(path);
            },
            takesRoom: true);
        return new FaultyStream(stream!, (bytes, length) => this.Step(() => stream!.Write(bytes, 0, length), takesRoom: true, torn: () => stream!.Write(bytes, 0, length / 2)));
    }

    public void Copy(string source, string path, UnixFileMode mode) => this.Step(
        () =>
        {
            Real.Copy(source, path, mode);
            this.unflushed.Made(path);
        },
        takesRoom: true,
        torn: () => File.WriteAllBytes(path, File.ReadAllBytes(source)[..^1]));

    public bool TryLink(string source, string path, LinkType type, UnixFileMode mode)
    {
        var made = false;
        this.Step(() =>
        {
            made = Real.TryLink(source, path, type, mode);
            if (made)
                this.unflushed.Named(path);
        });
        return made;
    }

    public void Rename(string from, string to, bool overwrite) => this.Step(() => this.unflushed.Rename(from, to, () => Real.Rename(from, to, overwrite)));

    public void Delete(string path) => this.Step(() => this.unflushed.Delete(path, () => Real.Delete(path)));

    public void CreateFolder(string path) => this.Step(
        () =>
        {
            if (Directory.Exists(path))
                return;
            Real.CreateFolder(path);
            this.unflushed.MadeFolder(path);
        },
        takesRoom: true);

    public void DeleteFolder(string path) => this.Step(() => this.unflushed.DeleteFolder(path, () => Real.DeleteFolder(path)));

    public void SetMode(string path, UnixFileMode mode) => this.Step(() => Real.SetMode(path, mode));

    public void Flush(string path) => this.Step(() =>
    {
        Real.Flush(path);
        this.unflushed.Flushed(path);
    });

    public bool TryFlushAll(string path)
    {
        var flushed = false;
        this.Step(() =>
        {
            flushed = Real.TryFlushAll(path);
            if (flushed)
                this.unflushed.FlushedAll();
        });
        return flushed;
    }

    private void Step(Action real, bool takesRoom = false, Action? torn = null)
    {
        lock (this.gate)
        {
            if (this.isDead)
                throw new KilledException();
            if (this.isFull && takesRoom)
                throw DiskErrors.Of(DiskErrors.DiskFull, "write", "(the faulty disk)");
            if (this.Operations++ != at)
            {
                real();
                return;
            }

            this.Happened = true;
            this.Fail(real, takesRoom, torn);
        }
    }

    private void Fail(Action real, bool takesRoom, Action? torn)
    {
        const int noAccess = 13;
        const int inputOutputError = 5;
        switch (fault)
        {
            case Fault.DiskFull:
                this.isFull = true;
                if (takesRoom)
                    throw DiskErrors.Of(DiskErrors.DiskFull, "write", "(the faulty disk)");
                real();
                return;
            case Fault.InputOutputError:
                throw DiskErrors.Of(inputOutputError, "use", "(the faulty disk)");
            case Fault.NoAccess:
                throw DiskErrors.Of(noAccess, "use", "(the faulty disk)");
            case Fault.KillTorn:
                torn?.Invoke();
                break;
            case Fault.KillAfter or Fault.PowerCutLosesBytes or Fault.PowerCutLosesAll:
                real();
                break;
        }

        this.isDead = true;
        if (fault is Fault.PowerCutLosesBytes or Fault.PowerCutLosesAll)
            this.unflushed.Lose(names: fault == Fault.PowerCutLosesAll);
        throw new KilledException();
    }
}
