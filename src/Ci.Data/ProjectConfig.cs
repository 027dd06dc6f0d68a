namespace Ci.Data;

/// <summary><c>.dvc/config</c> with <c>.dvc/config.local</c> over it.</summary>
public sealed class ProjectConfig
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["core"] = ["remote", "analytics", "autostage", "check_update", "no_scm", "hardlink_lock", "interactive", "checksum_jobs", "site_cache_dir"],
        ["cache"] = ["dir", "type", "slow_link_warning"],
        ["remote"] = ["url"],
        ["parsing"] = ["bool", "list"],
    };

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private ProjectConfig()
    {
    }

    /// <summary>The remote that <c>push</c> and <c>pull</c> use when none is named.</summary>
    public string? DefaultRemote => this.values.GetValueOrDefault("core.remote");

    /// <summary>The names of the remotes, in ordinal order.</summary>
    public IReadOnlyList<string> Remotes =>
        [.. this.values.Keys.Where(k => k.StartsWith("remote.", StringComparison.Ordinal)).Select(k => k["remote.".Length..^".url".Length]).Order(StringComparer.Ordinal)];

    /// <summary>Git is not used here: no .gitignore is written.</summary>
    public bool NoGit => this.values.GetValueOrDefault("core.no_scm") is "true" or "True";

    /// <summary>A setting by section and key (<c>parsing.bool</c>); null when it is not set.</summary>
    public string? this[string name] => this.values.GetValueOrDefault(name);

    public static ProjectConfig Read(string root)
    {
        var config = new ProjectConfig();
        foreach (var name in new[] { "config", "config.local" })
        {
            var file = Path.Combine(root, ".dvc", name);
            if (File.Exists(file))
                config.Add(File.ReadAllLines(file), $".dvc/{name}", Path.Combine(root, ".dvc"));
        }

        return config;
    }

    /// <summary>Where a remote lies.</summary>
    /// <param name="name">Null: the default one.</param>
    /// <exception cref="ProjectConfigException">No such remote, or no default one; the message says how to make it.</exception>
    public string RemoteUrl(string? name)
    {
        var remotes = this.Remotes;
        var wanted = name ?? this.DefaultRemote
            ?? throw new ProjectConfigException("no remote is configured: `mlops remote add --default storage /path/or/address` writes one into .dvc/config");
        return this.values.GetValueOrDefault($"remote.{wanted}.url")
            ?? throw new ProjectConfigException($"no remote `{wanted}` in .dvc/config{NearNames.Hint(wanted, remotes)}; configured: {(remotes.Count == 0 ? "none" : string.Join(", ", remotes))}");
    }

    internal string CacheFolder(string root) => this.values.GetValueOrDefault("cache.dir") ?? Path.Combine(root, ".dvc", "cache");

    private void Add(string[] lines, string file, string folder)
    {
        var section = "";
        var kind = "";
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
                continue;
            if (line[0] == '[')
            {
                (kind, section) = SectionOf(line, file, i + 1);
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || kind.Length == 0)
                throw new ProjectConfigException($"{file}:{i + 1}: expected `key = value` below a [section]");
            var (key, value) = (line[..equals].TrimEnd(), line[(equals + 1)..].Trim().Trim('"'));
            if (!Known[kind].Contains(key, StringComparer.Ordinal))
                throw new ProjectConfigException($"{file}:{i + 1}: unknown setting `{key}` in [{kind}]{NearNames.Hint(key, Known[kind])}; known here: {string.Join(", ", Known[kind])}");
            // Relative paths in the file are relative to the file.
            if ((kind == "remote" && !value.Contains("://", StringComparison.Ordinal)) || (kind == "cache" && key == "dir"))
                value = Path.GetFullPath(value, folder);
            this.values[$"{section}.{key}"] = value;
        }
    }

    private static (string Kind, string Section) SectionOf(string line, string file, int number)
    {
        var name = line.TrimStart('[').TrimEnd(']').Trim().Trim('\'');
        if (name is "core" or "cache" or "parsing")
            return (name, name);
        if (name.StartsWith("remote \"", StringComparison.Ordinal) && name.EndsWith('"'))
            return ("remote", $"remote.{name[8..^1]}");
        throw new ProjectConfigException($"{file}:{number}: unknown section {line}; known are [core], [cache], [parsing], ['remote \"NAME\"']");
    }
}
