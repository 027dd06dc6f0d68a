namespace Ci.Testing.Device;

/// <summary>
/// One file's bytes: as programs see them, as the medium has them, and what is between the two. Arrays are never changed in place, so that a
/// copy of the disk costs no copy of its bytes.
/// </summary>
internal sealed class DeviceNode
{
    private const int SectorBytes = 512;
    private List<Change> unsynced = [];

    public byte[] Visible { get; private set; } = [];

    public byte[] Durable { get; private set; } = [];

    public bool IsSynced => unsynced.Count == 0;

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var change = new Change((int)offset, bytes.ToArray());
        Visible = change.Apply(Visible);
        unsynced.Add(change);
    }

    public void Truncate(long length)
    {
        var change = new Change((int)length, null);
        Visible = change.Apply(Visible);
        unsynced.Add(change);
    }

    public void Sync()
    {
        foreach (var change in unsynced)
            Durable = change.Apply(Durable);
        unsynced = [];
    }

    /// <summary>The kernel could not write: programs still see the bytes, the medium never will, and the next sync says nothing of them.</summary>
    public void Forget() => unsynced = [];

    /// <summary>A way back to how it is now.</summary>
    public Action Save()
    {
        var (visible, durable, changes) = (Visible, Durable, unsynced.ToList());
        return () => (Visible, Durable, unsynced) = (visible, durable, changes);
    }

    public DeviceNode Copy() => new() { Visible = Visible, Durable = Durable, unsynced = [.. unsynced] };

    /// <summary>The file after the power came back.</summary>
    /// <param name="keeps">Whether a sector of an unsynced write reached the medium; null: none did, and truncations neither.</param>
    public DeviceNode AfterPowerCut(Func<bool>? keeps)
    {
        var bytes = Durable;
        foreach (var change in unsynced)
            bytes = keeps is null ? bytes : change.ApplySome(bytes, keeps);
        return new DeviceNode { Visible = bytes, Durable = bytes };
    }

    private sealed record Change(int Offset, byte[]? Bytes)
    {
        public byte[] Apply(byte[] to)
        {
            if (Bytes is null)
                return Resize(to, Offset);
            var result = Resize(to, Math.Max(to.Length, Offset + Bytes.Length));
            Bytes.CopyTo(result, Offset);
            return result;
        }

        // The length is metadata and may be written before the bytes: sectors that are missing then read as zeros.
        public byte[] ApplySome(byte[] to, Func<bool> keeps)
        {
            if (Bytes is null)
                return keeps() ? Apply(to) : to;
            var result = keeps() ? Resize(to, Math.Max(to.Length, Offset + Bytes.Length)) : (byte[])to.Clone();
            for (var at = Offset; at < Offset + Bytes.Length;)
            {
                var end = Math.Min(Offset + Bytes.Length, (at / SectorBytes * SectorBytes) + SectorBytes);
                if (keeps())
                {
                    result = result.Length < end ? Resize(result, end) : result;
                    Bytes.AsSpan(at - Offset, end - at).CopyTo(result.AsSpan(at));
                }

                at = end;
            }

            return result;
        }

        private static byte[] Resize(byte[] from, int length)
        {
            var result = new byte[length];
            from.AsSpan(0, Math.Min(length, from.Length)).CopyTo(result);
            return result;
        }
    }
}
