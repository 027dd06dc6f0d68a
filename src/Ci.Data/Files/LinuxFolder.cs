using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Ci.Storage;
using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>Reads one folder by <c>getdents64(2)</c>, and looks at its files relative to it: the kernel walks no path twice.</summary>
internal sealed class LinuxFolder(IgnoreRules ignore, FolderVisit visit)
{
    private const int BufferBytes = 1 << 16;
    private const int HeadBytes = 19;
    private const int TogetherFrom = 4096;
    private const byte IsFolder = 4;
    private const byte IsFile = 8;

    private static readonly byte[] Unfinished = Encoding.UTF8.GetBytes(BlobKeys.TemporaryPrefix);

    private static readonly byte[] IgnoreFile = Encoding.UTF8.GetBytes(IgnoreRules.Name);

    // Without patterns, only names that begin with a dot can be passed over.
    private readonly bool isPlain = !ignore.HasPatterns(visit.Path);
    private readonly ArrayBufferWriter<byte> names = new(1024);
    private readonly List<(int Start, int Length)> files = [];
    private readonly List<(int Start, int Length)> folders = [];
    private readonly List<(int Start, int Length)> others = [];

    public void Read()
    {
        var folder = LinuxFiles.OpenFolder(visit.Path);
        if (folder < 0)
            throw DiskErrors.Of(Marshal.GetLastPInvokeError(), "read the folder", visit.Path);
        try
        {
            this.ReadNames(folder);
            this.Look(folder);
        }
        finally
        {
            _ = LinuxFiles.Close(folder);
        }
    }

    private void ReadNames(int folder)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                var filled = (int)LinuxFiles.ReadFolder(folder, ref buffer[0], BufferBytes);
                if (filled < 0)
                    throw DiskErrors.Of(Marshal.GetLastPInvokeError(), "read the folder", visit.Path);
                if (filled == 0)
                    return;
                for (var rest = buffer.AsSpan(0, filled); !rest.IsEmpty;)
                {
                    var length = BinaryPrimitives.ReadUInt16LittleEndian(rest[16..]);
                    var name = rest[HeadBytes..length];
                    this.Take(name[..name.IndexOf((byte)0)], rest[18]);
                    rest = rest[length..];
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Take(ReadOnlySpan<byte> name, byte type)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.StartsWith(Unfinished))
            return;
        if (!Utf8.IsValid(name))
            throw new DataException($"{visit.Path} holds a name that is not UTF-8 (`{Shown(name)}`), which no description of data can hold; rename it");
        if (name.SequenceEqual(IgnoreFile))
            throw new MisplacedIgnoreFileException(this.PathOf(name));
        if (type is IsFolder or IsFile && this.Ignores(name, type == IsFolder))
            return;
        var place = (this.names.WrittenCount, name.Length);
        this.names.Write(name);
        this.names.Write("\0"u8);
        (type == IsFolder ? this.folders : type == IsFile ? this.files : this.others).Add(place);
    }

    private void Look(int folder)
    {
        // Links, and what this file system does not tell the type of, are files or folders only once they were looked at.
        foreach (var (start, length) in this.others)
        {
            var name = this.Name(start, length);
            var status = LinuxFiles.Look(folder, this.Name(start, length + 1));
            if (this.Ignores(name, status is { IsFolder: true }))
                continue;
            if (status is null)
                throw FolderVisit.Broken(this.PathOf(name));
            if (!status.Value.IsFile && !status.Value.IsFolder)
                throw new DataException($"{this.PathOf(name)} is {status.Value.Kind}; only files and folders can be tracked: remove it, or pass it over by a line in {IgnoreRules.Name}");
            (status.Value.IsFolder ? this.folders : this.files).Add((start, length));
        }

        var items = new FolderPart.Item[this.files.Count];
        if (items.Length < TogetherFrom)
        {
            for (var i = 0; i < items.Length; i++)
                items[i] = this.Look(folder, this.files[i]);
        }
        else
            Together.Each(items.Length, i => items[i] = this.Look(folder, this.files[i]));
        foreach (var (start, length) in this.folders)
            visit.Enter(this.Name(start, length));
        visit.Finish(this.names.WrittenSpan.ToArray(), items);
    }

    private FolderPart.Item Look(int folder, (int Start, int Length) name) =>
        LinuxFiles.Look(folder, this.Name(name.Start, name.Length + 1)) is { IsFile: true } status
            ? new(name.Start, name.Length, status.Stamp)
            : throw new DataException($"{this.PathOf(this.Name(name.Start, name.Length))} was removed or replaced while its folder was read; try again");

    private bool Ignores(ReadOnlySpan<byte> name, bool isFolder) => (!this.isPlain || name[0] == '.') && ignore.Ignores(this.PathOf(name), isFolder);

    private ReadOnlySpan<byte> Name(int start, int length) => this.names.WrittenSpan.Slice(start, length);

    private string PathOf(ReadOnlySpan<byte> name) => Path.Combine(visit.Path, Encoding.UTF8.GetString(name));

    private static string Shown(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder();
        foreach (var b in name)
            _ = b is >= 0x20 and < 0x7f ? text.Append((char)b) : text.Append("\\x").Append(b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
