namespace Ci.Data.Settings;

/// <summary>Where a setting stands; a later level overrides an earlier one.</summary>
public enum ConfigLevel
{
    /// <summary>Of the machine: <c>/etc/xdg/dvc/config</c>.</summary>
    System,

    /// <summary>Of the user: <c>~/.config/dvc/config</c>.</summary>
    Global,

    /// <summary>Of the project, in Git: <c>.dvc/config</c>.</summary>
    Project,

    /// <summary>Of this clone: <c>.dvc/config.local</c>.</summary>
    Local,
}
