namespace Ci.EdgeAgent.Files;

/// <summary>Small files that are either wholly the old or wholly the new: temporary beside it, write, fsync, rename, fsync the folder.</summary>
internal static class DurableFile
{
    public const string TemporarySuffix = ".tmp";

    public static void Replace(IDeviceFiles files, string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + TemporarySuffix;
        files.Delete(temporary);
        using (var file = files.OpenAppend(temporary))
        {
            file.Write(bytes);
            file.Sync();
        }

        files.Rename(temporary, path);
        files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>The whole file; null where there is none. A file over <paramref name="limit"/> bytes is an <see cref="InvalidDataException"/>.</summary>
    public static byte[]? Read(IDeviceFiles files, string path, long limit)
    {
        if (files.Length(path) is not { } length)
            return null;
        if (length > limit)
            throw new InvalidDataException($"{path} has {length} bytes; at most {limit} are read");
        using var stream = files.OpenRead(path);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
