using Ci.EdgeAgent.Files;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>The disk in memory behind the agent's port.</summary>
internal sealed class DeviceDiskFiles(DeviceDisk disk) : IDeviceFiles
{
    public long? Length(string path) => disk.Length(path);

    public Stream OpenRead(string path) => new MemoryStream(disk.Read(path), writable: false);

    public IDeviceFile OpenAppend(string path) => new OpenFile(disk.Open(path));

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void SyncFolder(string folder) => disk.SyncFolder(folder);

    public void Delete(string path) => disk.Delete(path);

    public IReadOnlyList<string> List(string folder) => disk.List(folder);

    public long FreeBytes(string path) => disk.FreeBytes;

    private sealed class OpenFile(DeviceHandle handle) : IDeviceFile
    {
        public long Length => handle.Length;

        public void Write(ReadOnlySpan<byte> bytes) => handle.Write(handle.Length, bytes);

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes) => handle.Write(offset, bytes);

        public void Truncate(long length) => handle.Truncate(length);

        public void Sync() => handle.Sync();

        public void Dispose()
        {
        }
    }
}
