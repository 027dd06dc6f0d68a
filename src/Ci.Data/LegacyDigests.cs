using System.Security.Cryptography;

namespace Ci.Data;

/// <summary>
/// Identities as DVC 2 took them: the MD5 of a text file with each <c>\r\n</c> made <c>\n</c>, of any other file its MD5. Pointers and
/// locks without <c>hash: md5</c> mean these.
/// </summary>
public static class LegacyDigests
{
    private const int ChunkSize = 1 << 20;
    private const int LookSize = 512;
    private const double MostOthers = 0.30;

    /// <summary>
    /// What lies at a path, in the manner of a digest that DVC 2 gave as long as the content is what it says; otherwise the digest of
    /// today. Null when nothing lies there.
    /// </summary>
    public static Digest? Of(Project project, string path, Digest then)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(then);
        var now = project.Workspace.DigestOf(path);
        if (now is null || now.IsFolder != then.IsFolder)
            return now;
        var name = now.IsFolder ? FolderName(project, path, then) : FileName(project, path, then.Md5);
        return name == then.Md5 ? now with { Md5 = name } : now;
    }

    /// <summary>Takes content that still has the identity of DVC 2 into the cache, where DVC 2 had it.</summary>
    internal static void Keep(Project project, string path, string md5)
    {
        if (project.Cache.HasAll(md5))
            return;
        using var batch = project.Cache.NewBatch();
        var isFolder = md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal);
        var files = new List<(string Path, string Md5)>();
        foreach (var file in isFolder ? Walk(project, path, 0) : [path])
        {
            var name = isFolder ? OfFile(file) : md5[..32];
            batch.Add(file, Files.FileStamp.Of(file)!.Value, Digest.LegacyName(name));
            files.Add((isFolder ? file[(path.Length + 1)..].Replace(Path.DirectorySeparatorChar, '/') : "", name));
        }

        batch.Commit();
        if (!isFolder)
            return;
        // Only now: a listing in the cache always means a whole folder.
        batch.Add(md5, DirectoryListing.Of(files).Bytes);
        batch.Commit();
    }

    /// <summary>The digits of a file's identity.</summary>
    public static string OfFile(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        return Of(stream);
    }

    /// <summary>The digits of the identity of some bytes.</summary>
    public static string Of(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
#pragma warning disable CA5351 // DVC's formats name content by MD5
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var chunk = new byte[ChunkSize];
        int length;
        // Each chunk is judged, and its line ends replaced, for itself: a pair that two chunks share stays.
        while ((length = stream.ReadAtLeast(chunk, ChunkSize, throwOnEndOfStream: false)) > 0)
        {
            var bytes = chunk.AsSpan(0, length);
            hash.AppendData(IsText(bytes[..Math.Min(length, LookSize)]) ? WithUnixLineEnds(bytes) : bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The file's real MD5 is remembered and mostly the same: only what differs has to be read again.
    private static string FileName(Project project, string file, string then)
    {
        var real = project.State.DigestOf(file).Md5;
        return Digest.LegacyName(then.StartsWith(real, StringComparison.Ordinal) ? real : OfFile(file));
    }

    private static string FolderName(Project project, string folder, Digest then)
    {
        var known = project.Cache.Has(then.Md5)
            ? project.Cache.ReadListing(then.Md5).Files.ToDictionary(f => f.Path, f => f.Md5, StringComparer.Ordinal)
            : [];
        var files = Walk(project, folder, 0).Select(file =>
        {
            var path = file[(folder.Length + 1)..].Replace(Path.DirectorySeparatorChar, '/');
            return (path, FileName(project, file, known.GetValueOrDefault(path) ?? "")[..32]);
        });
        return Digest.LegacyName(DirectoryListing.Of(files).Md5);
    }

    private static IEnumerable<string> Walk(Project project, string folder, int depth)
    {
        if (depth > 200)
            throw new DataException($"{folder}: folders nested deeper than 200; a symbolic link probably leads back to a folder above it");
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => !project.Ignore.Ignores(f, isFolder: false)))
            yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(f => !project.Ignore.Ignores(f, isFolder: true)).SelectMany(f => Walk(project, f, depth + 1)))
            yield return inner;
    }

    // Text is what holds no zero byte and few bytes that ASCII does not print.
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        var others = 0;
        foreach (var b in bytes)
        {
            if (b == 0)
                return false;
            others += b is (>= 32 and < 127) or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f' or (byte)'\b' ? 0 : 1;
        }

        return (double)others / bytes.Length <= MostOthers;
    }

    private static Span<byte> WithUnixLineEnds(Span<byte> bytes)
    {
        var to = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\r' || i + 1 == bytes.Length || bytes[i + 1] != '\n')
                bytes[to++] = bytes[i];
        }

        return bytes[..to];
    }
}
