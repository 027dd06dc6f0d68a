namespace Ci.Data.Settings;

/// <summary>The files that settings stand in. Those outside of the project are found by the environment that is given, as DVC finds them.</summary>
/// <param name="Root">The project's folder; null outside of any.</param>
/// <param name="Environment">Names the user's and the machine's folders; null: they are not looked at.</param>
public sealed record ConfigPlaces(string? Root, IReadOnlyDictionary<string, string>? Environment)
{
    public static readonly IReadOnlyList<ConfigLevel> Levels = [ConfigLevel.System, ConfigLevel.Global, ConfigLevel.Project, ConfigLevel.Local];

    public string? Home => this.Variable("HOME");

    /// <summary>The file of a level; null where it cannot be told.</summary>
    public string? FileOf(ConfigLevel level) => level switch
    {
        ConfigLevel.Project => this.Root is null ? null : Path.Combine(this.Root, ".dvc", "config"),
        ConfigLevel.Local => this.Root is null ? null : Path.Combine(this.Root, ".dvc", "config.local"),
        ConfigLevel.Global => this.GlobalFolder() is { } folder ? Path.Combine(folder, "config") : null,
        _ => this.SystemFolder() is { } folder ? Path.Combine(folder, "config") : null,
    };

    /// <summary>How messages call the file.</summary>
    public string Shown(string file) =>
        this.Root is not null && file.StartsWith(this.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(this.Root, file).Replace(Path.DirectorySeparatorChar, '/') : file;

    private string? GlobalFolder() =>
        this.Variable("DVC_GLOBAL_CONFIG_DIR")
        ?? (OperatingSystem.IsMacOS() ? this.Below("Library", "Application Support", "dvc")
        : this.Variable("XDG_CONFIG_HOME") is { } config ? Path.Combine(config, "dvc") : this.Below(".config", "dvc"));

    private string? SystemFolder() =>
        this.Environment is null ? null
        : this.Variable("DVC_SYSTEM_CONFIG_DIR")
        ?? (OperatingSystem.IsMacOS() ? "/Library/Application Support/dvc" : Path.Combine((this.Variable("XDG_CONFIG_DIRS") ?? "/etc/xdg").Split(':')[0], "dvc"));

    private string? Below(params string[] parts) => this.Home is { } home ? Path.Combine([home, .. parts]) : null;

    private string? Variable(string name) => this.Environment is not null && this.Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
