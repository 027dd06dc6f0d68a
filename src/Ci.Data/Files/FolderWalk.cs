using System.Text;
using Ci.Storage;
using Ci.Storage.FileSystem;

namespace Ci.Data.Files;

/// <summary>
/// Looks at all files below a folder. Symbolic links are followed, as DVC does; one that leads back up is an error, and so is all that
/// is neither file nor folder: a named pipe would be waited for without end.
/// </summary>
internal sealed class FolderWalk(IgnoreRules ignore)
{
    private const int TogetherFrom = 4;

    /// <summary>Looks at them.</summary>
    /// <exception cref="DataException">Something there cannot be tracked.</exception>
    public FolderTree Of(string folder)
    {
        var parts = new List<FolderPart>();
        var level = new List<FolderVisit> { new(folder, [], FileKey.Of(folder), null) };
        while (level.Count > 0)
        {
            foreach (var visit in level)
                visit.RefuseCircle();
            if (level.Count < TogetherFrom)
                level.ForEach(v => this.Visit(v));
            else
                Together.Each(level, this.Visit);
            parts.AddRange(level.Select(v => v.Part!));
            level = [.. level.SelectMany(v => v.Inner)];
        }

        return new FolderTree(folder, parts);
    }

    private void Visit(FolderVisit visit)
    {
        if (OperatingSystem.IsLinux())
            new LinuxFolder(ignore, visit).Read();
        else
            this.VisitPortably(visit);
    }

    private void VisitPortably(FolderVisit visit)
    {
        var (names, items) = (new List<byte>(), new List<FolderPart.Item>());
        foreach (var entry in new DirectoryInfo(visit.Path).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
        {
            var isFolder = entry.Attributes.HasFlag(FileAttributes.Directory);
            if (entry.Name == IgnoreRules.Name)
                throw new MisplacedIgnoreFileException(entry.FullName);
            if (entry.Name.StartsWith(BlobKeys.TemporaryPrefix, StringComparison.Ordinal) || ignore.Ignores(entry.FullName, isFolder))
                continue;
            var name = Encoding.UTF8.GetBytes(entry.Name);
            if (isFolder)
                visit.Enter(name);
            else
            {
                items.Add(new(names.Count, name.Length, FileStamp.Of(new FileInfo(entry.FullName)) ?? throw FolderVisit.Broken(entry.FullName)));
                names.AddRange(name);
            }
        }

        visit.Finish([.. names], [.. items]);
    }
}
