using System.Globalization;
using Ci.Data.Settings;

namespace Ci.Data;

/// <summary>
/// A project's settings: <c>.dvc/config</c> with <c>.dvc/config.local</c> over it, and both over the user's and the machine's. Sections and
/// keys that DVC does not know are errors with file and line.
/// </summary>
public sealed class ProjectConfig
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Dictionary<string, string>> remotes = new(StringComparer.Ordinal);

    private ProjectConfig(ConfigPlaces places) => this.Places = places;

    /// <summary>The files that were read.</summary>
    public ConfigPlaces Places { get; }

    /// <summary>What passes, but should not stay as it is; a line each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>The remote that <c>push</c> and <c>pull</c> use when none is named.</summary>
    public string? DefaultRemote => this.values.GetValueOrDefault("core.remote")?.ToLowerInvariant();

    /// <summary>The names of the remotes, in the order in which they stand.</summary>
    public IReadOnlyList<string> Remotes => [.. this.remotes.Keys];

    /// <summary>Git is not used here: no .gitignore is written.</summary>
    public bool NoGit => this.values.GetValueOrDefault("core.no_scm") is "true" or "True";

    /// <summary>Files that belong into Git are staged as soon as they are written.</summary>
    public bool StagesFiles => !this.NoGit && this.values.GetValueOrDefault("core.autostage") is { } on && on.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A setting by section and key (<c>parsing.bool</c>); null when it is not set.</summary>
    public string? this[string name] => this.values.GetValueOrDefault(name);

    /// <summary>Reads a project's settings.</summary>
    /// <param name="root">The project's folder.</param>
    /// <param name="environment">Names the folders of the user's and the machine's settings; null: only the project's are read.</param>
    public static ProjectConfig Read(string root, IReadOnlyDictionary<string, string>? environment = null) => Read(new ConfigPlaces(root, environment));

    /// <inheritdoc cref="Read(string, IReadOnlyDictionary{string, string})"/>
    /// <param name="places">The files.</param>
    /// <param name="replaced">Lines to take instead of a level's file: what is about to be written.</param>
    internal static ProjectConfig Read(ConfigPlaces places, (ConfigLevel Level, IReadOnlyList<string> Lines)? replaced = null)
    {
        var config = new ProjectConfig(places);
        var all = new List<(ConfigEntry Entry, string Shown)>();
        var warnings = new List<string>();
        foreach (var level in ConfigPlaces.Levels)
        {
            if (places.FileOf(level) is not { } file)
                continue;
            var shown = places.Shown(file);
            foreach (var entry in ConfigText.Parse(replaced is { } given && given.Level == level ? given.Lines : ConfigText.ReadLines(file, shown), shown))
            {
                ConfigSchema.Check(entry, shown);
                all.Add((entry, shown));
                config.Add(ConfigSchema.IsPath(entry) ? entry with { Value = config.Resolve(entry.Value, Path.GetDirectoryName(file)!) } : entry);
                if (level == ConfigLevel.Project && ConfigSchema.IsSecret(entry.Key))
                    warnings.Add($"{shown}:{entry.Line}: `{entry.Key}` is a secret and goes into Git with this file; move it: `mlops config --unset {entry.Path}`, then `mlops config --local {entry.Path} …`");
            }
        }

        // Only now: a level may name the address and another the rest.
        foreach (var (entry, shown) in all.Where(e => e.Entry.Section == "remote"))
            ConfigSchema.CheckRemote(entry, config.SchemeOf(entry, shown), shown);
        config.Warnings = warnings;
        return config;
    }

    /// <summary>Where a remote lies.</summary>
    /// <param name="name">Null: the default one.</param>
    /// <exception cref="ProjectConfigException">No such remote, or no default one; the message says how to make it.</exception>
    public string RemoteUrl(string? name) => this.Remote(name).Url;

    /// <summary>A remote with its settings. One that lies inside another (<c>remote://other/path</c>) has the other's, too.</summary>
    /// <inheritdoc cref="RemoteUrl"/>
    public RemoteDescription Remote(string? name)
    {
        var wanted = (name ?? this.DefaultRemote)?.ToLowerInvariant() ?? throw new ProjectConfigException(
            this.remotes.Count == 0
                ? "no remote is configured: `mlops remote add --default storage /path/or/address` writes one into .dvc/config"
                : $"no remote is the default one: name one with `--remote`, or choose with `mlops remote default NAME`; configured: {string.Join(", ", this.remotes.Keys)}");
        return new RemoteDescription(wanted, this.Settings(wanted, 0));
    }

    internal string CacheFolder(string root) => this.values.GetValueOrDefault("cache.dir") ?? Path.Combine(root, ".dvc", "cache");

    private Dictionary<string, string> Settings(string name, int depth)
    {
        if (!this.remotes.TryGetValue(name, out var own))
            throw new ProjectConfigException($"no remote `{name}` in .dvc/config{NearNames.Hint(name, this.remotes.Keys)}; configured: {(this.remotes.Count == 0 ? "none" : string.Join(", ", this.remotes.Keys))}");
        if (!own.TryGetValue("url", out var url))
            throw new ProjectConfigException($"the remote `{name}` has no `url`; set it with `mlops remote modify {name} url ADDRESS`");
        if (ConfigSchema.SchemeOf(url) != "remote")
            return own;
        if (depth > 10)
            throw new ProjectConfigException($"the remote `{name}` lies inside itself: {url}");
        var path = url["remote://".Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var outer = this.Settings((slash < 0 ? path : path[..slash]).ToLowerInvariant(), depth + 1);
        var merged = outer.Concat(own).GroupBy(s => s.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        merged["url"] = slash < 0 ? outer["url"] : $"{outer["url"].TrimEnd('/')}/{path[(slash + 1)..].Trim('/')}";
        return merged;
    }

    private string SchemeOf(ConfigEntry entry, string shown) =>
        this.remotes[entry.Name].TryGetValue("url", out var url)
            ? ConfigSchema.SchemeOf(url)
            : throw new ProjectConfigException($"{shown}:{entry.Line}: the remote `{entry.Name}` has no `url`; set it with `mlops remote modify {entry.Name} url ADDRESS`");

    private void Add(ConfigEntry entry)
    {
        if (entry.Section != "remote")
        {
            this.values[entry.Path] = entry.Value;
            return;
        }

        if (!this.remotes.TryGetValue(entry.Name, out var settings))
            this.remotes[entry.Name] = settings = new(StringComparer.Ordinal);
        settings[entry.Key] = entry.Value;
    }

    // Relative paths in the file are relative to the file.
    private string Resolve(string path, string folder) =>
        path.StartsWith("~/", StringComparison.Ordinal) && this.Places.Home is { } home ? Path.Combine(home, path[2..]) : Path.GetFullPath(path, folder);
}
