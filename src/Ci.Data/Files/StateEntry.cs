using System.Runtime.InteropServices;

namespace Ci.Data.Files;

/// <summary>One line of <see cref="StateTable"/>: what a file, a folder or a cached object was when it was last looked at.</summary>
/// <param name="Key">Which: a <see cref="FileKey"/>, or an object's MD5.</param>
/// <param name="Md5">Of the content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Of a file its stamp, of a folder the upper half of its <see cref="FolderTree.Print"/>.</param>
/// <param name="Changed">Of a file its stamp, of a folder the lower half.</param>
/// <param name="Inode">Of a folder the number of its files.</param>
/// <param name="Flags">1: executable.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct StateEntry(Hash128 Key, Hash128 Md5, long Size, long Modified, long Changed, long Inode, long Flags)
{
    public const int Bytes = 72;

    public FileStamp Stamp => new(this.Size, this.Modified, this.Changed, this.Inode, (this.Flags & 1) != 0);

    public static StateEntry Of(Hash128 key, in FileStamp stamp, Hash128 md5) =>
        new(key, md5, stamp.Size, stamp.Modified, stamp.Changed, stamp.Inode, stamp.IsExecutable ? 1 : 0);
}
