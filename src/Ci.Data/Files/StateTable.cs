using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ci.Data.Files;

/// <summary>
/// A file of <see cref="StateEntry"/> in order of their keys, mapped into memory: opening it costs the same however long it is, and a
/// question touches two or three pages. Never changed in place: a new one is renamed over it.
/// </summary>
internal sealed unsafe class StateTable : IDisposable
{
    private const int HeaderBytes = 32;
    private const int Guesses = 4;

    private static ReadOnlySpan<byte> Header => "mlops-files 4\n\0\0"u8;

    private readonly MemoryMappedFile? mapped;
    private readonly MemoryMappedViewAccessor? view;
    private readonly StateEntry* entries;

    private StateTable(MemoryMappedFile? mapped, MemoryMappedViewAccessor? view, byte* start, int count)
    {
        this.mapped = mapped;
        this.view = view;
        this.entries = (StateEntry*)(start + HeaderBytes);
        this.Count = count;
    }

    /// <summary>Knows nothing.</summary>
    public static StateTable Empty { get; } = new(null, null, null, 0);

    public int Count { get; }

    /// <summary>Opens the file; one that is not there, or is not whole, is an empty table.</summary>
    public static StateTable Open(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var bytes = file.Length - HeaderBytes;
            Span<byte> header = stackalloc byte[HeaderBytes];
            if (bytes <= 0 || bytes % sizeof(StateEntry) != 0 || bytes / sizeof(StateEntry) > int.MaxValue || file.Read(header) != HeaderBytes || !header.StartsWith(Header))
                return Empty;
            var whole = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            var accessor = whole.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            return new StateTable(whole, accessor, start + accessor.PointerOffset, (int)(bytes / sizeof(StateEntry)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    /// <summary>Writes the entries of two tables, the second one's where both have a key.</summary>
    /// <param name="stream">Written to from its beginning.</param>
    /// <param name="old">In order of keys.</param>
    /// <param name="latest">In order of keys.</param>
    public static void Write(Stream stream, StateTable old, ReadOnlySpan<StateEntry> latest)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Header.CopyTo(header);
        stream.Write(header);
        var from = 0;
        for (var i = 0; i < latest.Length; i++)
        {
            var begin = from;
            while (from < old.Count && old.entries[from].Key < latest[i].Key)
                from++;
            old.Write(stream, begin, from);
            if (from < old.Count && old.entries[from].Key == latest[i].Key)
                from++;
            stream.Write(MemoryMarshal.AsBytes(latest.Slice(i, 1)));
        }

        old.Write(stream, from, old.Count);
    }

    public bool TryFind(Hash128 key, out StateEntry found)
    {
        var (low, high) = (0, this.Count - 1);
        for (var guess = 0; low <= high; guess++)
        {
            var at = guess < Guesses ? this.Guess(key, low, high) : low + ((high - low) / 2);
            var there = this.entries[at].Key;
            if (there == key)
            {
                found = this.entries[at];
                return true;
            }

            if (there < key)
                low = at + 1;
            else
                high = at - 1;
        }

        Unsafe.SkipInit(out found);
        return false;
    }

    public void Dispose()
    {
        if (this.view is null)
            return;
        this.view.SafeMemoryMappedViewHandle.ReleasePointer();
        this.view.Dispose();
        this.mapped!.Dispose();
    }

    // Keys are as good as random, so that a key's place follows from its value.
    private int Guess(Hash128 key, int low, int high)
    {
        var (first, last, wanted) = ((double)this.entries[low].Key.Upper, (double)this.entries[high].Key.Upper, (double)key.Upper);
        return wanted <= first ? low : wanted >= last ? high : low + (int)((wanted - first) / (last - first) * (high - low));
    }

    private void Write(Stream stream, int from, int to)
    {
        const int most = 1 << 20; // a span counts its bytes in an int
        for (; from < to; from += most)
            stream.Write(new ReadOnlySpan<byte>(this.entries + from, Math.Min(most, to - from) * sizeof(StateEntry)));
    }
}
