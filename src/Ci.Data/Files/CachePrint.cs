using System.Buffers;
using System.Text.Json;

namespace Ci.Data.Files;

/// <summary>
/// Remembers that all files of a listing were in the cache, as long as nothing was added to or removed from any of its 256 folders since:
/// a status need not ask for a hundred thousand objects again.
/// </summary>
internal sealed class CachePrint(string cache, FileStates states)
{
    private const int Prefixes = 256;
    private const int AskFrom = 256;
    private const int BytesAFile = 80;
    private static readonly Hash128 Salt = new(0x77686F6C65000000, 0x6361636865000000);

    private readonly string objects = Path.Combine(cache, "files", "md5");

    public bool Knows(Hash128 listing) => states.TryFind(listing ^ Salt, out var entry) && this.Take().Print == PrintOf(entry);

    /// <summary>Looks for every file.</summary>
    /// <param name="md5">Of the listing.</param>
    /// <param name="listing">Its bytes.</param>
    /// <param name="name">For messages.</param>
    public bool Find(Hash128 md5, ReadOnlySpan<byte> listing, string name)
    {
        var (print, youngest) = this.Take();
        var wanted = DigestsIn(listing, name);
        if (!this.FindAll(wanted))
            return false;
        if (states.IsSettled(youngest))
            states.Remember(new StateEntry(md5 ^ Salt, Hash128.Zero, 0, (long)print.Upper, (long)print.Lower, 0, 0));
        return true;
    }

    // Only the digests, each once and in order: of a hundred thousand files neither names nor digests become strings.
    private static ReadOnlySpan<Hash128> DigestsIn(ReadOnlySpan<byte> listing, string name)
    {
        var found = new List<Hash128>(listing.Length / BytesAFile);
        try
        {
            var reader = new Utf8JsonReader(listing);
            Span<byte> bytes = stackalloc byte[Md5Text.Bytes];
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("md5"u8) || !reader.Read())
                    continue;
                if (Convert.FromHexString(reader.ValueSpan, bytes, out var consumed, out var written) != OperationStatus.Done || consumed != Md5Text.Length || written != Md5Text.Bytes)
                    throw new CorruptDataException($"the folder listing {name} holds `{reader.GetString()}`, which is not an MD5 digest");
                found.Add(Md5Text.Of(bytes));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CorruptDataException($"the folder listing {name} is damaged: {error.Message}");
        }

        found.Sort();
        var digests = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found);
        var count = 0;
        foreach (var digest in digests)
        {
            if (count == 0 || digests[count - 1] != digest)
                digests[count++] = digest;
        }

        return digests[..count];
    }

    private static Hash128 PrintOf(in StateEntry entry) => new((ulong)entry.Modified, (ulong)entry.Changed);

    private bool FindAll(ReadOnlySpan<Hash128> wanted)
    {
        if (wanted.Length < AskFrom)
        {
            foreach (var md5 in wanted)
            {
                var text = Md5Text.Of(md5);
                if (!File.Exists(Path.Combine(this.objects, text[..2], text[2..])))
                    return false;
            }

            return true;
        }

        for (var (at, prefix) = (0, 0); prefix < Prefixes; prefix++)
        {
            var end = at;
            while (end < wanted.Length && (int)(wanted[end].Upper >> 56) == prefix)
                end++;
            if (end > at && !this.FindIn(prefix, wanted[at..end]))
                return false;
            at = end;
        }

        return true;
    }

    private bool FindIn(int prefix, ReadOnlySpan<Hash128> wanted)
    {
        var folder = new DirectoryInfo(this.FolderOf(prefix));
        if (!folder.Exists)
            return false;
        var found = 0;
        var head = new Hash128((ulong)prefix << 56, 0);
        foreach (var entry in folder.EnumerateFiles())
        {
            if (entry.Name.Length == Md5Text.Length - 2 && Hash128.TryParse(entry.Name, out var rest) && wanted.BinarySearch(head ^ rest) >= 0)
                found++;
        }

        return found == wanted.Length;
    }

    private (Hash128 Print, long Youngest) Take()
    {
        var (sum, youngest) = (Hash128.Zero, 0L);
        for (var prefix = 0; prefix < Prefixes; prefix++)
        {
            if (this.Look(prefix) is not { } stamp)
                continue;
            sum += FileKey.Of(new Hash128(0, (ulong)prefix), stamp);
            youngest = Math.Max(youngest, stamp.Youngest);
        }

        return (sum, youngest);
    }

    private FileStamp? Look(int prefix)
    {
        if (OperatingSystem.IsLinux())
            return LinuxFiles.Look(this.FolderOf(prefix))?.Stamp;
        var folder = new DirectoryInfo(this.FolderOf(prefix));
        return folder.Exists ? new FileStamp(0, (folder.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100, 0, 0, false) : null;
    }

    private string FolderOf(int prefix) => Path.Combine(this.objects, prefix.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
}
