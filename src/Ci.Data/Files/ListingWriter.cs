using System.Security.Cryptography;
using System.Text;

namespace Ci.Data.Files;

/// <summary>
/// Writes the listing of a folder as <see cref="DirectoryListing"/> holds it, straight from bytes to bytes: of a hundred thousand files
/// neither names nor digests become strings.
/// </summary>
internal sealed class ListingWriter : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly Stream? target;
    private readonly byte[] buffer = new byte[BufferBytes];
#pragma warning disable CA5351 // DVC's format
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private int filled;

    private ListingWriter(Stream? target) => this.target = target;

    /// <summary>Writes it.</summary>
    /// <param name="tree">With the digests of all files.</param>
    /// <param name="target">Null: only the digest is wanted.</param>
    /// <returns>The MD5 of the listing.</returns>
    public static Hash128 Write(FolderTree tree, Stream? target)
    {
        var (paths, order) = Sort(tree);
        using var writer = new ListingWriter(target);
        writer.Put("["u8);
        var first = true;
        foreach (var (start, length, md5) in order)
        {
            writer.Put(first ? "{\"md5\": \""u8 : ", {\"md5\": \""u8);
            writer.PutHex(md5);
            writer.Put("\", \"relpath\": "u8);
            writer.PutName(paths.AsSpan(start, length));
            writer.Put("}"u8);
            first = false;
        }

        writer.Put("]"u8);
        return writer.End();
    }

    public void Dispose() => this.hash.Dispose();

    // In order of the code points of the whole relative path, which is the order of its UTF-8 bytes.
    private static (byte[] Paths, (int Start, int Length, Hash128 Md5)[] Order) Sort(FolderTree tree)
    {
        var paths = new byte[tree.Parts.Sum(p => (long)(p.Relative.Length * p.Items.Length) + p.Items.Sum(i => i.Length))];
        var order = new (int Start, int Length, Hash128 Md5)[tree.Count];
        var (at, index) = (0, 0);
        foreach (var part in tree.Parts)
        {
            for (var i = 0; i < part.Items.Length; i++)
            {
                var name = part.NameOf(i);
                part.Relative.CopyTo(paths.AsSpan(at));
                name.CopyTo(paths.AsSpan(at + part.Relative.Length));
                order[index++] = (at, part.Relative.Length + name.Length, part.Md5s![i]);
                at += part.Relative.Length + name.Length;
            }
        }

        Array.Sort(order, (a, b) => paths.AsSpan(a.Start, a.Length).SequenceCompareTo(paths.AsSpan(b.Start, b.Length)));
        return (paths, order);
    }

    private void PutHex(Hash128 md5)
    {
        Span<byte> bytes = stackalloc byte[Md5Text.Bytes];
        Span<byte> text = stackalloc byte[Md5Text.Length];
        md5.Write(bytes);
        Convert.TryToHexStringLower(bytes, text, out _);
        this.Put(text);
    }

    private void PutName(ReadOnlySpan<byte> name)
    {
        foreach (var b in name)
        {
            if (b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\')
                continue;
            var text = new StringBuilder();
            PythonText.AppendString(text, Encoding.UTF8.GetString(name));
            this.Put(Encoding.ASCII.GetBytes(text.ToString()));
            return;
        }

        this.Put("\""u8);
        this.Put(name);
        this.Put("\""u8);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > this.buffer.Length - this.filled)
            this.Flush();
        if (bytes.Length > this.buffer.Length)
        {
            this.hash.AppendData(bytes);
            this.target?.Write(bytes);
            return;
        }

        bytes.CopyTo(this.buffer.AsSpan(this.filled));
        this.filled += bytes.Length;
    }

    private void Flush()
    {
        this.hash.AppendData(this.buffer, 0, this.filled);
        this.target?.Write(this.buffer, 0, this.filled);
        this.filled = 0;
    }

    private Hash128 End()
    {
        this.Flush();
        Span<byte> digest = stackalloc byte[Md5Text.Bytes];
        this.hash.GetHashAndReset(digest);
        return Md5Text.Of(digest);
    }
}
