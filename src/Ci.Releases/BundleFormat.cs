using System.Globalization;
using System.Text;

namespace Ci.Releases;

/// <summary>
/// The one shape of a bundle: a POSIX ustar archive of plain files, nothing packed, in the layout of a mirror with the model's files beside it.
/// Models hardly shrink, and what is not packed cannot be a bomb. Every other kind of entry (links, devices, folders, extensions) is refused.
/// </summary>
public static class BundleFormat
{
    public const int BlockBytes = 512;

    /// <summary>Eleven octal digits.</summary>
    public const long MaxFileBytes = (1L << 33) - 1;

    public const int MaxFiles = 4096;

    private const string Objects = "objects/sha256/";

    /// <summary>The entry of a file by its digest.</summary>
    public static string ObjectName(Sha256Digest digest) => Objects + digest.Hex;

    /// <summary>The header of a file: the same for equal files, whoever made the archive and when.</summary>
    /// <exception cref="ReleaseRefusedException">A name or size that no reader would take.</exception>
    public static byte[] Header(BundleEntry entry)
    {
        Check(entry);
        var (prefix, name) = Split(entry.Name);
        var block = new byte[BlockBytes];
        Put(block, 0, name);
        Put(block, 100, "0000644\0");
        Put(block, 108, "0000000\0");
        Put(block, 116, "0000000\0");
        Put(block, 124, Convert.ToString(entry.Bytes, 8).PadLeft(11, '0') + "\0");
        Put(block, 136, "00000000000\0");
        block[156] = (byte)'0';
        Put(block, 257, "ustar\0" + "00");
        Put(block, 345, prefix);
        Put(block, 148, Convert.ToString(Sum(block), 8).PadLeft(6, '0') + "\0 ");
        return block;
    }

    /// <summary>The entry that a header names; null for the empty block that ends an archive.</summary>
    /// <exception cref="ReleaseRefusedException">bundle-malformed, or path-escape.</exception>
    public static BundleEntry? Read(ReadOnlySpan<byte> block)
    {
        if (!block.ContainsAnyExcept((byte)0))
            return null;
        if (!block.Slice(257, 6).SequenceEqual("ustar\0"u8) || Number(block.Slice(148, 8)) != Sum(block))
            throw Bad("an entry has no sound header: the file is damaged, or no bundle (`mlops edge bundle` writes them)");
        if (block[156] != (byte)'0')
            throw Bad($"an entry is of the kind '{(char)block[156]}'; only plain files are taken");
        var (prefix, name) = (Text(block.Slice(345, 155)), Text(block[..100]));
        var entry = new BundleEntry(prefix.Length > 0 ? $"{prefix}/{name}" : name, Number(block.Slice(124, 12)));
        Check(entry);
        return entry;
    }

    /// <summary>Bytes that a file takes in the archive after its header.</summary>
    public static long Padded(long bytes) => (bytes + BlockBytes - 1) / BlockBytes * BlockBytes;

    private static void Check(BundleEntry entry)
    {
        if (!Names.IsConfinedPath(entry.Name))
            throw new ReleaseRefusedException(RefusalCode.PathEscape, $"the bundle names {Names.Quote(entry.Name)}, which leaves its folder");
        var known = entry.Name == MirrorIndex.FileName
            || entry.Name.StartsWith("channels/", StringComparison.Ordinal) || entry.Name.StartsWith("releases/", StringComparison.Ordinal)
            || (entry.Name.StartsWith(Objects, StringComparison.Ordinal) && Sha256Digest.TryParse(entry.Name[Objects.Length..], out _));
        if (!known)
            throw Bad($"it holds {Names.Quote(entry.Name)}, which is no part of one");
        if (entry.Bytes is < 0 or > MaxFileBytes)
            throw Bad($"{Names.Quote(entry.Name)} has {entry.Bytes} bytes; at most {MaxFileBytes} are possible");
    }

    private static (string Prefix, string Name) Split(string path)
    {
        if (path.Length <= 100)
            return ("", path);
        var cut = path.IndexOf('/', path.Length - 101);
        return cut is > 0 and <= 155 ? (path[..cut], path[(cut + 1)..]) : throw Bad($"the name {Names.Quote(path)} is too long");
    }

    private static int Sum(ReadOnlySpan<byte> block)
    {
        var sum = 0;
        for (var i = 0; i < BlockBytes; i++)
            sum += i is >= 148 and < 156 ? ' ' : block[i];
        return sum;
    }

    private static void Put(byte[] block, int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(block, at);

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? field : field[..end]);
    }

    private static long Number(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (var c in Text(field).Trim())
        {
            if (c is < '0' or > '7')
                throw Bad(string.Create(CultureInfo.InvariantCulture, $"a number in a header holds the byte {(int)c}"));
            value = (value << 3) | (long)(c - '0');
        }

        return value;
    }

    private static ReleaseRefusedException Bad(string why) => new(RefusalCode.BundleMalformed, $"the bundle: {why}");
}
