namespace Ci.EdgeAgent.Files;

/// <summary>Small files that are either wholly the old or wholly the new: temporary beside it, write, fsync, rename, fsync the folder.</summary>
internal static class DurableFile
{
    public const string TemporarySuffix = ".tmp";

    /// <summary>Equal content is not written again: flash wears out. Its name is made durable all the same.</summary>
    public static void Replace(IDeviceFiles files, string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + TemporarySuffix;
        files.Delete(temporary);
        if (!Holds(files, path, bytes))
        {
            using (var file = files.OpenAppend(temporary))
            {
                file.Write(bytes);
                file.Sync();
            }

            files.Rename(temporary, path);
        }

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

    /// <summary>Deletes what a replacement that was cut off left under a folder.</summary>
    public static void RemoveTemporaries(IDeviceFiles files, string folder)
    {
        foreach (var path in files.List(folder).Where(p => p.EndsWith(TemporarySuffix, StringComparison.Ordinal)))
            files.Delete(path);
    }

    private static bool Holds(IDeviceFiles files, string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return files.Length(path) == bytes.Length && Read(files, path, bytes.Length)!.AsSpan().SequenceEqual(bytes);
        }
        catch (IOException)
        {
            return false; // What cannot be read is what a replacement mends.
        }
    }
}
