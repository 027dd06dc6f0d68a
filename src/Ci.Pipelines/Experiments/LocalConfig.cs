using Ci.Data;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// The <c>.dvc/config.local</c> of a trial's folder: the project's own one, with the project's cache as the cache, and with places that were
/// written relative to the project as absolute ones.
/// </summary>
internal static class LocalConfig
{
    public static string For(Project project)
    {
        var file = Path.Combine(project.Root, ".dvc", "config.local");
        List<string> lines = File.Exists(file) ? [.. File.ReadAllLines(file)] : [];
        Set(lines, "[cache]", "dir", project.Cache.Folder);
        foreach (var name in project.Config.Remotes)
        {
            if (project.Config.RemoteUrl(name) is var url && Path.IsPathRooted(url))
                Set(lines, $"['remote \"{name}\"']", "url", url);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static void Set(List<string> lines, string section, string key, string value)
    {
        var start = lines.FindIndex(l => l.Trim() == section);
        if (start < 0)
        {
            lines.Add(section);
            start = lines.Count - 1;
        }

        var end = lines.FindIndex(start + 1, l => l.TrimStart().StartsWith('['));
        end = end < 0 ? lines.Count : end;
        var at = lines.FindIndex(start + 1, end - start - 1, l => l.Split('=')[0].Trim() == key);
        if (at >= 0)
            lines[at] = $"    {key} = {value}";
        else
            lines.Insert(start + 1, $"    {key} = {value}");
    }
}
