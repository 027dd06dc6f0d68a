namespace Ci.EdgeAgent.Configuration;

/// <summary>One member of agent.json as it was asked for, and what was found.</summary>
/// <param name="Path">Members from the top, parted by dots.</param>
/// <param name="Kind">What its value must be.</param>
/// <param name="Variable">The environment variable that comes before the member.</param>
/// <param name="Value">What holds: a text, a list parted by commas, a number; null where nothing is given and the default is the reader's.</param>
/// <param name="From">Where the value comes from.</param>
internal sealed record Setting(string Path, SettingKind Kind, string Variable, string? Value, SettingOrigin From)
{
    /// <summary>A number's default and range.</summary>
    public (double Default, double Least, double Most)? Range { get; init; }

    /// <summary>A list's separator in its variable.</summary>
    public char Separator { get; init; } = ',';
}
