using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>A disk that says it has synced and has not: what an agent that forgot a sync would be like.</summary>
internal sealed class LyingFiles(IDeviceFiles inner, bool aboutBytes, bool aboutNames) : IDeviceFiles
{
    public long? Length(string path) => inner.Length(path);

    public Stream OpenRead(string path) => inner.OpenRead(path);

    public IDeviceFile OpenAppend(string path) => new LyingFile(inner.OpenAppend(path), aboutBytes);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void SyncFolder(string folder)
    {
        if (!aboutNames)
            inner.SyncFolder(folder);
    }

    public void Delete(string path) => inner.Delete(path);

    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    public long FreeBytes(string path) => inner.FreeBytes(path);

    private sealed class LyingFile(IDeviceFile inner, bool lies) : IDeviceFile
    {
        public long Length => inner.Length;

        public void Write(ReadOnlySpan<byte> bytes) => inner.Write(bytes);

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes) => inner.WriteAt(offset, bytes);

        public void Truncate(long length) => inner.Truncate(length);

        public void Sync()
        {
            if (!lies)
                inner.Sync();
        }

        public void Dispose() => inner.Dispose();
    }
}
