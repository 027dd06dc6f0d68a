namespace Ci.EdgeAgent.Files;

/// <summary>Tells how many bytes go to the disk: the flash budget counts what every part of the agent writes, not downloads alone.</summary>
internal sealed class MeteredFiles(IDeviceFiles inner, Action<long> written) : IDeviceFiles
{
    public long? Length(string path) => inner.Length(path);

    public Stream OpenRead(string path) => inner.OpenRead(path);

    public IDeviceFile OpenAppend(string path) => new MeteredFile(inner.OpenAppend(path), written);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void SyncFolder(string folder) => inner.SyncFolder(folder);

    public void Delete(string path) => inner.Delete(path);

    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    public long FreeBytes(string path) => inner.FreeBytes(path);

    private sealed class MeteredFile(IDeviceFile inner, Action<long> written) : IDeviceFile
    {
        public long Length => inner.Length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            inner.Write(bytes);
            written(bytes.Length);
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
        {
            inner.WriteAt(offset, bytes);
            written(bytes.Length);
        }

        public void Truncate(long length) => inner.Truncate(length);

        public void Sync() => inner.Sync();

        public void Dispose() => inner.Dispose();
    }
}
