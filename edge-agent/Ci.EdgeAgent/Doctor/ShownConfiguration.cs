using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Doctor;

/// <summary>The effective configuration, fit to be shown.</summary>
internal sealed record ShownConfiguration(string File, IReadOnlyList<ShownSetting> Settings)
{
    public string Schema { get; init; } = "mlops.agent-effective-configuration/v1";

    public static ShownConfiguration Of(string file, IReadOnlyCollection<Setting> settings, SecretMask mask) => new(
        Path.GetFullPath(file),
        [.. settings.Select(s => new ShownSetting(s.Path, Value(s, mask), s.From switch { SettingOrigin.Environment => "environment", SettingOrigin.File => "file", _ => "default" }, s.Variable))]);

    private static string? Value(Setting setting, SecretMask mask)
    {
        if (setting.Value is not { } value)
            return SettingWords.Of(setting.Path)?.Default;
        return SecretRules.IsSecret(setting.Path.Split('.')[^1]) ? "***" : mask.Clean(value);
    }
}
