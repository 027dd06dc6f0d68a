using Ci.Data.Files;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// The local cache: <c>files/md5/xx/…</c>, read-only files named by their content. An object appears by a rename, whole or not at all;
/// it is hashed again before its first use and whenever its stamp has changed.
/// </summary>
public sealed class ObjectCache(string folder, FileStates states)
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder { get; } = folder;

    public string PathOf(string md5) => Digest.IsValid(md5)
        ? Path.Combine(this.Folder, Digest.KeyOf(md5))
        : throw new CorruptDataException($"`{md5}` is not an MD5 digest");

    /// <summary>The object is there, and its bytes are what its name says. A damaged one is moved out of the way, so that it can be fetched again.</summary>
    public bool Has(string md5)
    {
        var path = this.PathOf(md5);
        if (FileStamp.Of(path) is null)
            return false;
        var wanted = md5[..32];
        if (states.DigestOf(path).Md5 == wanted)
            return true;
        File.Move(path, path + ".corrupt", overwrite: true);
        return false;
    }

    /// <summary>As <see cref="Has"/>, and for a folder also every file in it.</summary>
    public bool HasAll(string md5) =>
        this.Has(md5) && (!md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal) || this.ReadListing(md5).Files.All(f => this.Has(f.Md5)));

    public DirectoryListing ReadListing(string md5) => DirectoryListing.Read(File.ReadAllBytes(this.PathOf(md5)), md5);

    /// <summary>Takes a copy (a clone where the file system can) of a file whose digest is known.</summary>
    public void Add(string file, FileStamp stamp, string md5)
    {
        if (this.Has(md5))
            return;
        var temporary = this.NewTemporary(md5);
        try
        {
            File.Copy(file, temporary);
            // Had the file been written meanwhile, the copy could be anything: look again.
            if (FileStamp.Of(file) != stamp)
                throw new DataException($"{file} changed while it was taken into the cache; stop what is writing it and try again");
            this.Publish(temporary, md5);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Add(DirectoryListing listing)
    {
        if (this.Has(listing.Md5))
            return;
        var temporary = this.NewTemporary(listing.Md5);
        File.WriteAllBytes(temporary, listing.Bytes);
        this.Publish(temporary, listing.Md5);
    }

    /// <summary>A file to write an object's bytes to before <see cref="Publish"/>; in the same folder as the object.</summary>
    public string NewTemporary(string md5)
    {
        var path = this.PathOf(md5);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return DurableFiles.TemporaryBeside(path);
    }

    /// <summary>Makes a written file the object; its bytes must have been checked against the name.</summary>
    public void Publish(string temporary, string md5)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, ReadOnly);
        var path = this.PathOf(md5);
        File.Move(temporary, path, overwrite: true);
        if (FileStamp.Of(path) is { } stamp)
            states.Remember(path, stamp, md5[..32]);
    }
}
