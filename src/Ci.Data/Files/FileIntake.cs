using System.Buffers;
using System.Security.Cryptography;
using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>
/// Takes files into the cache, each read once: small ones whole, large ones hashed and copied at the same time. Where the file system
/// can, a large file is cloned; where people asked for it, the cache and the workspace share one file.
/// </summary>
/// <param name="batch">Where they go.</param>
/// <param name="shares">The file itself may become the object.</param>
internal sealed class FileIntake(ObjectBatch batch, bool shares)
{
    private const int SmallBytes = 1 << 18;
    private const int PieceBytes = 1 << 20;
    private const int Attempts = 3;

    private bool canClone = true;

    /// <summary>Takes one file.</summary>
    /// <exception cref="DataException">It goes on changing while it is read.</exception>
    public (FileStamp Stamp, Hash128 Md5) Take(string path)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var reading = FileReading.Open(path);
            var isSmall = reading.Stamp.Size <= SmallBytes;
            if ((isSmall ? this.TakeSmall(reading, path) : this.TakeLarge(reading, path)) is { } md5)
                return (reading.Stamp, md5);
        }

        throw new DataException($"{path} goes on changing while it is taken into the cache; stop what is writing it and try again");
    }

#pragma warning disable CA5351 // DVC's formats name content by MD5
    private Hash128? TakeSmall(FileReading reading, string path)
    {
        Span<byte> hash = stackalloc byte[Md5Text.Bytes];
        var buffer = ArrayPool<byte>.Shared.Rent(SmallBytes + 1);
        try
        {
            var bytes = buffer.AsSpan(0, reading.Read(buffer.AsSpan(0, (int)reading.Stamp.Size + 1)));
            if (bytes.Length != reading.Stamp.Size || !reading.IsUnchanged)
                return null;
            MD5.HashData(bytes, hash);
            var md5 = Md5Text.Of(hash);
            if (!this.Share(reading, path, md5))
                batch.Add(md5, bytes);
            return md5;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Hash128? TakeLarge(FileReading reading, string path)
    {
        if (shares)
        {
            var (_, known) = FileReading.Digest(path);
            if (reading.IsUnchanged && this.Share(reading, path, known))
                return known;
        }

        var temporary = batch.NewTemporary();
        Hash128 md5;
        if (this.canClone && (this.canClone = Disk.Current.TryLink(path, temporary, LinkType.Reflink, Disk.ReadOnly)))
            md5 = FileReading.Digest(temporary).Md5;
        else
        {
            using var target = Disk.Current.Create(temporary, Disk.ReadOnly);
            md5 = CopyAndHash(reading, target);
        }

        var good = reading.IsUnchanged;
        if (good && !batch.Contains(md5))
            batch.AddWritten(temporary, Md5Text.Of(md5));
        else
            Disk.Current.Delete(temporary);
        return good ? md5 : null;
    }

    // One core hashes a piece while another one writes it.
    private static Hash128 CopyAndHash(FileReading reading, Stream target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var (piece, other) = (new byte[PieceBytes], new byte[PieceBytes]);
        var written = Task.CompletedTask;
        try
        {
            int read;
            while ((read = reading.Read(piece)) > 0)
            {
                written.GetAwaiter().GetResult();
                var (bytes, length) = (piece, read);
                written = Task.Run(() => target.Write(bytes, 0, length));
                hash.AppendData(bytes, 0, length);
                (piece, other) = (other, piece);
            }
        }
        finally
        {
            written.GetAwaiter().GetResult();
        }

        Span<byte> digest = stackalloc byte[Md5Text.Bytes];
        hash.GetHashAndReset(digest);
        return Md5Text.Of(digest);
    }
#pragma warning restore CA5351

    // What may be run keeps a file of its own: objects cannot be run.
    private bool Share(FileReading reading, string path, Hash128 md5)
    {
        if (!shares || reading.Stamp.IsExecutable)
            return false;
        if (batch.Contains(md5))
            return true;
        var temporary = batch.NewTemporary();
        if (!Disk.Current.TryLink(path, temporary, LinkType.Hardlink, Disk.ReadOnly))
            return false;
        var now = FileStamp.Of(temporary);
        if (now?.Inode == reading.Stamp.Inode && now?.Size == reading.Stamp.Size && now?.Modified == reading.Stamp.Modified)
        {
            batch.AddWritten(temporary, Md5Text.Of(md5));
            return true;
        }

        Disk.Current.Delete(temporary);
        return false;
    }
}
