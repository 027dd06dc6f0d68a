namespace Ci.Cli;

/// <summary>Small files that are there whole or not at all: written beside their place, flushed to the disk, renamed.</summary>
internal static class SmallFile
{
    public static void Write(CliContext context, string shown, ReadOnlySpan<byte> bytes)
    {
        var path = context.FullPath(shown);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
