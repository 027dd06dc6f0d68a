using Ci.Releases;

namespace Ci.EdgeAgent.Sources;

/// <summary>A bundle on a disk or stick, read in place. Opening it walks the headers alone; nothing is believed but sizes that fit the file.</summary>
internal sealed class BundleArchive
{
    private const int MaxDocumentBytes = 4 << 20;
    private readonly Dictionary<string, (long Offset, long Bytes)> entries = new(StringComparer.Ordinal);

    private BundleArchive(string path, long length) => (Path, Length) = (path, length);

    public string Path { get; }

    public long Length { get; }

    /// <summary>Opens an archive.</summary>
    /// <exception cref="ReleaseRefusedException">bundle-malformed, or path-escape.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BundleArchive Open(string path)
    {
        if (new FileInfo(path).LinkTarget is not null || Directory.Exists(path))
            throw new ReleaseRefusedException(RefusalCode.BundleMalformed, $"{path} is no plain file");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var archive = new BundleArchive(path, file.Length);
        var block = new byte[BundleFormat.BlockBytes];
        while (true)
        {
            var at = file.Position;
            if (file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < block.Length)
                throw Bad(path, $"it is cut off after {at} bytes; copy it again");
            if (BundleFormat.Read(block) is not { } entry)
                return archive;
            if (archive.entries.Count >= BundleFormat.MaxFiles)
                throw Bad(path, $"it holds more than {BundleFormat.MaxFiles} files");
            if (file.Position + BundleFormat.Padded(entry.Bytes) > file.Length)
                throw Bad(path, $"it is cut off within {entry.Name}; copy it again");
            if (!archive.entries.TryAdd(entry.Name, (file.Position, entry.Bytes)))
                throw Bad(path, $"{entry.Name} stands twice");
            file.Position += BundleFormat.Padded(entry.Bytes);
        }
    }

    /// <summary>The size of an entry; null where there is none.</summary>
    public long? SizeOf(string name) => entries.TryGetValue(name, out var entry) ? entry.Bytes : null;

    /// <summary>A document; null where there is none.</summary>
    public byte[]? Read(string name)
    {
        if (!entries.TryGetValue(name, out var entry))
            return null;
        if (entry.Bytes > MaxDocumentBytes)
            throw Bad(Path, $"{name} has {entry.Bytes} bytes; a document has at most {MaxDocumentBytes}");
        using var stream = OpenRead(name, 0)!;
        var bytes = new byte[entry.Bytes];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The bytes of an entry from an offset on; null where there is none.</summary>
    public Stream? OpenRead(string name, long offset)
    {
        if (!entries.TryGetValue(name, out var entry))
            return null;
        var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
        return new PartOfStream(file, entry.Offset + Math.Min(offset, entry.Bytes), Math.Max(0, entry.Bytes - offset));
    }

    private static ReleaseRefusedException Bad(string path, string why) => new(RefusalCode.BundleMalformed, $"{path}: {why}");
}
