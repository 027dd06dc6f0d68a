namespace Ci.Reporting;

/// <summary>The files of a bundle that lies unpacked in a folder.</summary>
internal static class BundleFolder
{
    public static IReadOnlyDictionary<string, byte[]> Read(string folder)
    {
        var known = ReportBundle.Names.ToDictionary(file => file.Name, file => file.MostBytes, StringComparer.Ordinal);
        var seen = 0;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (!known.ContainsKey(entry.Name))
                throw new BundleRefusedException($"the folder holds '{PlainText.Clean(entry.Name, 60)}', which is no file of a bundle; it holds {string.Join(", ", known.Keys)} and nothing else");
            if (entry.LinkTarget is not null || entry is not FileInfo)
                throw new BundleRefusedException($"{entry.Name} is a link or folder; a bundle holds plain files");
            seen++;
        }

        if (seen != known.Count)
            throw new BundleRefusedException($"the folder lacks a file of the bundle; it holds {string.Join(", ", known.Keys)} and nothing else");
        return known.ToDictionary(file => file.Key, file => One(Path.Combine(folder, file.Key), file.Key, file.Value), StringComparer.Ordinal);
    }

    // The length is asked again of what was opened: between look and read a file may change.
    private static byte[] One(string path, string name, int most)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length > most)
            throw new BundleRefusedException($"{name} has {file.Length} bytes; at most {most} are read");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
