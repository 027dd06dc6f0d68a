namespace Ci.Cli;

/// <summary>Whether a file or folder can be written, asked before the work: nobody wants to train for an hour into a place that is read-only.</summary>
internal static class OutputPlace
{
    /// <summary>Throws, with the option that names another place, unless a file can be put there. Null is no place and no trouble.</summary>
    public static void Check(CliContext context, string option, string? shown)
    {
        if (shown is null)
            return;
        var path = context.FullPath(shown);
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(shown))
            throw Problem(shown, "it is a folder, and a file is to be written", option);
        CheckFolder(shown, Path.GetDirectoryName(path)!, option);
    }

    /// <summary>The same for a folder that is to be written.</summary>
    public static void CheckFolder(CliContext context, string option, string shown)
    {
        var path = Path.TrimEndingDirectorySeparator(context.FullPath(shown));
        if (File.Exists(path))
            throw Problem(shown, "it is a file, and a folder is to be written", option);
        CheckFolder(shown, Path.GetDirectoryName(path) ?? path, option);
    }

    private static void CheckFolder(string shown, string folder, string option)
    {
        var place = folder;
        while (!Directory.Exists(place))
        {
            if (File.Exists(place))
                throw Problem(shown, $"{place} is a file, not a folder", option);
            place = Path.GetDirectoryName(place) ?? throw Problem(shown, $"{place} does not exist", option);
        }

        // Rights, read-only mounts and file systems that hold no files all show only when one tries.
        var probe = Path.Combine(place, $".mlops-{Guid.NewGuid():N}.tmp");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Problem(shown, $"the folder {place} takes no files{(error is UnauthorizedAccessException ? " (permission denied)" : "")}", option, error);
        }
    }

    private static CliException Problem(string shown, string why, string option, Exception? inner = null) =>
        new($"{shown} cannot be written: {why}; name another place with {option}", inner: inner);
}
