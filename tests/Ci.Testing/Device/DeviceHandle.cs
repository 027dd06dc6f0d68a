namespace Ci.Testing.Device;

/// <summary>An open file of a <see cref="DeviceDisk"/>; it stays with the bytes, whatever happens to the name.</summary>
public sealed class DeviceHandle
{
    private readonly DeviceDisk disk;

    internal DeviceHandle(DeviceDisk disk, string path, DeviceNode node) => (this.disk, Path, Node) = (disk, path, node);

    public string Path { get; }

    public long Length => Node.Visible.Length;

    internal DeviceNode Node { get; }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => disk.Change(this, DiskOperationKind.Write, offset, bytes.ToArray());

    public void Truncate(long length) => disk.Change(this, DiskOperationKind.Truncate, length, []);

    public void Sync() => disk.Change(this, DiskOperationKind.Sync, 0, []);
}
