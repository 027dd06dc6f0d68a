using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Ci.Reporting;

/// <summary>
/// Reads a bundle's zip without a general unpacker: exactly our own names, each once, headers that agree with one another and tile the
/// file from its first byte to its last, nothing inflated beyond its declared and permitted size. Nothing is written to disk.
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
/// </summary>
internal static class BundleZip
{
    /// <summary>Bytes that the zip may have: its files do not grow by being packed, but for headers.</summary>
    public const int MostBytes = 18 << 20;

    private const int MostRatio = 200;
    private const int EndLength = 22;
    private const int CentralLength = 46;
    private const int LocalLength = 30;

    private sealed record Entry(string Name, ushort Flags, ushort Method, uint Crc, uint Packed, uint Size, uint Offset);

    public static IReadOnlyDictionary<string, byte[]> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length > MostBytes)
            throw new BundleRefusedException($"the bundle has {file.Length} bytes; at most {MostBytes} are read");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Read(bytes);
    }

    public static IReadOnlyDictionary<string, byte[]> Read(ReadOnlyMemory<byte> zip)
    {
        var (entries, directory) = Directory(zip.Span);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        long at = 0;
        foreach (var (entry, expected) in entries.Zip(ReportBundle.Names))
        {
            CheckEntry(entry, expected.Name, expected.MostBytes);
            if (entry.Offset != at)
                throw new BundleRefusedException($"{entry.Name} does not begin where the entry before it ends: entries overlap, or something is hidden between them");
            at = Local(zip.Span, entry, directory);
            files[entry.Name] = Inflate(zip.Slice((int)(at - entry.Packed), (int)entry.Packed), entry);
        }

        if (at != directory)
            throw new BundleRefusedException("the bundle hides bytes between its last file and its directory");
        return files;
    }

    private static (List<Entry> Entries, int Start) Directory(ReadOnlySpan<byte> zip)
    {
        if (zip.Length < EndLength)
            throw new BundleRefusedException("the bundle is no zip file, or cut short");
        var end = zip[^EndLength..];
        if (U32(end, 0) != 0x06054b50 || U16(end, 20) != 0)
            throw new BundleRefusedException("the bundle does not end as a zip file without comment does: it is cut short, or something hangs on its end");
        var (disk, count, total) = (U16(end, 4) | U16(end, 6), U16(end, 8), U16(end, 10));
        if (disk != 0 || count != total || count != ReportBundle.Names.Count)
            throw new BundleRefusedException($"the bundle has {total} entries; it holds exactly {string.Join(", ", ReportBundle.Names.Select(file => file.Name))}");
        var (length, start) = (U32(end, 12), U32(end, 16));
        if ((ulong)start + length != (ulong)(zip.Length - EndLength))
            throw new BundleRefusedException("the bundle's directory does not lie where it says");
        return (Entries(zip.Slice((int)start, (int)length), count), (int)start);
    }

    private static List<Entry> Entries(ReadOnlySpan<byte> directory, int count)
    {
        var entries = new List<Entry>();
        for (var index = 0; index < count; index++)
        {
            if (directory.Length < CentralLength || U32(directory, 0) != 0x02014b50)
                throw new BundleRefusedException("the bundle's directory is damaged");
            var (name, extra, comment) = (U16(directory, 28), U16(directory, 30), U16(directory, 32));
            if (directory.Length < CentralLength + name + extra + comment || extra + comment > 0)
                throw new BundleRefusedException("the bundle's directory holds extra fields or comments, which `mlops report bundle` does not write");
            var shown = NameOf(directory.Slice(CentralLength, name));
            CheckKind(shown, U32(directory, 38));
            if (entries.Exists(entry => entry.Name == shown))
                throw new BundleRefusedException($"the bundle holds '{shown}' twice");
            entries.Add(new Entry(shown, U16(directory, 8), U16(directory, 10), U32(directory, 16), U32(directory, 20), U32(directory, 24), U32(directory, 42)));
            directory = directory[(CentralLength + name)..];
        }

        return directory.Length == 0 ? entries : throw new BundleRefusedException("the bundle's directory is longer than its entries");
    }

    private static string NameOf(ReadOnlySpan<byte> name)
    {
        var text = Encoding.ASCII.GetString(name);
        if (ReportBundle.Names.Any(file => file.Name == text))
            return text;
        var why = name.Contains((byte)0) ? " (with a NUL)"
            : text.StartsWith('/') || text.Contains('\\', StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal) ? " (an absolute path)"
            : text.Contains("..", StringComparison.Ordinal) ? " (a way out of its folder)"
            : text.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? " (an archive in the archive)" : "";
        throw new BundleRefusedException($"the bundle holds '{PlainText.Clean(text, 60)}'{why}, which is no file of a bundle");
    }

    // The upper half of the attributes is the Unix mode, where 0 says nothing.
    private static void CheckKind(string name, uint attributes)
    {
        if ((attributes >> 16 & 0xF000) is not (0 or 0x8000) || (attributes & 0x10) != 0)
            throw new BundleRefusedException($"{name} is a link, folder or device; a bundle holds plain files");
    }

    private static void CheckEntry(Entry entry, string expected, int most)
    {
        if (entry.Name != expected)
            throw new BundleRefusedException($"the bundle holds {entry.Name} where {expected} belongs");
        if ((entry.Flags & 0x2041) != 0)
            throw new BundleRefusedException($"{entry.Name} is encrypted");
        if (entry.Method is not (0 or 8) || (entry.Flags & 0x0008) != 0)
            throw new BundleRefusedException($"{entry.Name} is packed in a way that `mlops report bundle` does not use");
        if (entry.Size > most)
            throw new BundleRefusedException($"{entry.Name} says that it has {entry.Size} bytes; at most {most} are read");
        if (entry.Size / MostRatio > entry.Packed)
            throw new BundleRefusedException($"{entry.Name} would grow to over {MostRatio} times its packed size, as no report does");
    }

    /// <summary>Checks the header before a file's bytes against the directory; returns where its bytes end.</summary>
    private static long Local(ReadOnlySpan<byte> zip, Entry entry, int directory)
    {
        if (entry.Offset + LocalLength + entry.Name.Length + (long)entry.Packed > directory)
            throw new BundleRefusedException($"{entry.Name} reaches beyond the end of the bundle's files");
        var header = zip[(int)entry.Offset..];
        var agrees = U32(header, 0) == 0x04034b50 && U16(header, 6) == entry.Flags && U16(header, 8) == entry.Method && U32(header, 14) == entry.Crc
            && U32(header, 18) == entry.Packed && U32(header, 22) == entry.Size && U16(header, 26) == entry.Name.Length && U16(header, 28) == 0
            && Encoding.ASCII.GetString(header.Slice(LocalLength, entry.Name.Length)) == entry.Name;
        return agrees
            ? entry.Offset + LocalLength + entry.Name.Length + entry.Packed
            : throw new BundleRefusedException($"the two headers of {entry.Name} contradict each other");
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> packed, Entry entry)
    {
        if (entry.Method == 0)
            return packed.Length == entry.Size ? Checked(packed.ToArray(), entry) : throw new BundleRefusedException($"{entry.Name} has another size than it says");
        var bytes = new byte[entry.Size];
        try
        {
            using var inflater = new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            // One byte more than declared is enough to know.
            if (inflater.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length || inflater.ReadByte() >= 0)
                throw new BundleRefusedException($"{entry.Name} has another size than it says");
        }
        catch (InvalidDataException error)
        {
            throw new BundleRefusedException($"{entry.Name} is damaged", error);
        }

        return Checked(bytes, entry);
    }

    private static byte[] Checked(byte[] bytes, Entry entry) =>
        Crc32.Of(bytes) == entry.Crc ? bytes : throw new BundleRefusedException($"{entry.Name} is damaged: its checksum differs");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
