using System.Text;
using Ci.Storage.FileSystem;

namespace Ci.Data.Settings;

/// <summary>Changes one file of settings, as DVC writes it; comments and everything else in the file stay as they are.</summary>
public sealed class ConfigEditor
{
    private readonly ConfigPlaces places;
    private readonly ConfigLevel level;
    private readonly string file;
    private readonly List<string> lines;

    private ConfigEditor(ConfigPlaces places, ConfigLevel level, string file)
    {
        (this.places, this.level, this.file) = (places, level, file);
        this.lines = [.. ConfigText.ReadLines(file, places.Shown(file))];
    }

    public IReadOnlyList<ConfigEntry> Entries => ConfigText.Parse(this.lines, this.Shown);

    /// <summary>How messages call the file.</summary>
    public string Shown => this.places.Shown(this.file);

    /// <summary>Opens the file of a level, which need not exist yet.</summary>
    /// <exception cref="ProjectConfigException">The level has no file here.</exception>
    public static ConfigEditor Open(ConfigPlaces places, ConfigLevel level)
    {
        ArgumentNullException.ThrowIfNull(places);
        var path = places.FileOf(level) ?? throw new ProjectConfigException(level is ConfigLevel.Project or ConfigLevel.Local
            ? "this folder is in no project, so there is no .dvc/config; use --global or --system"
            : "the environment names no folder for these settings: set HOME, or DVC_GLOBAL_CONFIG_DIR and DVC_SYSTEM_CONFIG_DIR");
        return new ConfigEditor(places, level, path);
    }

    public string? Get(string section, string name, string key) => this.Entries.LastOrDefault(e => e.Section == section && e.Name == name && e.Key == key)?.Value;

    public bool Has(string section, string name) => this.Start(section, name) >= 0;

    /// <summary>Sets a value; a path that people wrote relative to their folder is written relative to the file.</summary>
    /// <param name="section">The section.</param>
    /// <param name="name">Its name, or empty.</param>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="folder">The folder in which people wrote it.</param>
    public void Set(string section, string name, string key, string value, string folder)
    {
        if (this.level == ConfigLevel.Project && ConfigSchema.IsSecret(key))
            throw new ProjectConfigException($"`{key}` is a secret, and .dvc/config goes into Git; add --local (this clone) or --global (this user)");
        var written = ConfigText.Quoted(ConfigSchema.IsPath(new ConfigEntry(section, name, key, value, 0)) ? this.Relative(value, folder) : value);
        var start = this.Start(section, name);
        if (start < 0)
            start = this.AddSection(section, name);
        var (end, at) = this.Find(start, key);
        if (at >= 0)
            this.lines[at] = $"    {key} = {written}";
        else
            this.lines.Insert(end, $"    {key} = {written}");
    }

    /// <summary>Removes a setting, and its section when nothing is left in it; false when it was not there.</summary>
    public bool Unset(string section, string name, string key)
    {
        var start = this.Start(section, name);
        if (start < 0 || this.Find(start, key) is not { At: >= 0 } found)
            return false;
        this.lines.RemoveAt(found.At);
        if (!this.Entries.Any(e => e.Section == section && e.Name == name))
            this.Remove(section, name);
        return true;
    }

    /// <summary>Removes a section with all that stands in it.</summary>
    public void Remove(string section, string name)
    {
        while (this.Start(section, name) is >= 0 and var start)
            this.lines.RemoveRange(start, this.End(start) - start);
    }

    /// <summary>Removes the settings of a section and keeps its place.</summary>
    public void Clear(string section, string name)
    {
        var start = this.Start(section, name);
        if (start >= 0)
            this.lines.RemoveRange(start + 1, this.End(start) - start - 1);
    }

    public void Rename(string section, string name, string to)
    {
        while (this.Start(section, name) is >= 0 and var start)
            this.lines[start] = ConfigText.Header(section, to);
    }

    /// <summary>Writes the file in one step, if all settings together are then in order.</summary>
    /// <exception cref="ProjectConfigException">They would not be; nothing was written.</exception>
    public void Save()
    {
        ProjectConfig.Read(this.places, (this.level, this.lines));
        Directory.CreateDirectory(Path.GetDirectoryName(this.file)!);
        var text = this.lines.Count == 0 ? "" : string.Join('\n', this.lines) + "\n";
        DurableFiles.Replace(this.file, Encoding.UTF8.GetBytes(text));
        if (this.level != ConfigLevel.Project && !OperatingSystem.IsWindows() && this.Entries.Any(e => ConfigSchema.IsSecret(e.Key)))
            File.SetUnixFileMode(this.file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Relative(string value, string folder)
    {
        if (Path.IsPathRooted(value) || value.StartsWith('~'))
            return value;
        return Path.GetRelativePath(Path.GetDirectoryName(this.file)!, Path.GetFullPath(value, folder)).Replace(Path.DirectorySeparatorChar, '/');
    }

    private int Start(string section, string name) => this.lines.FindIndex(line => IsHeader(line) && ConfigText.SectionOf(line) == (section, name));

    private int End(int start)
    {
        var next = this.lines.FindIndex(start + 1, IsHeader);
        return next < 0 ? this.lines.Count : next;
    }

    private (int End, int At) Find(int start, string key)
    {
        var end = this.End(start);
        var at = this.lines.FindIndex(start + 1, end - start - 1, line => line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && line[..equals].Trim().Trim('"', '\'').Equals(key, StringComparison.OrdinalIgnoreCase));
        // Behind the last setting: empty lines and comments before the next section belong to that one.
        while (end > start + 1 && this.lines[end - 1].Trim() is "" or ['#', ..])
            end--;
        return (end, at);
    }

    // As DVC orders them: sections of which there is one, then remotes, machines and databases.
    private int AddSection(string section, string name)
    {
        var rank = Array.IndexOf(ConfigText.Named, section);
        var at = this.lines.FindIndex(line => IsHeader(line) && ConfigText.SectionOf(line) is { } other && Array.IndexOf(ConfigText.Named, other.Section) > rank);
        at = at < 0 ? this.lines.Count : at;
        this.lines.Insert(at, ConfigText.Header(section, name));
        return at;
    }

    private static bool IsHeader(string line) => line.TrimStart().StartsWith('[');
}
