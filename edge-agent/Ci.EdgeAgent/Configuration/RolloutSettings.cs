namespace Ci.EdgeAgent.Configuration;

/// <summary>This device's place in a roll-out (<c>rollout</c> in agent.json); how the roll-out goes is the channel's word.</summary>
internal sealed record RolloutSettings
{
    /// <summary>The group whose disruption budget this device shares, such as a substation's name; empty, the default: the whole fleet is one group.</summary>
    public string Group { get; init; } = "";

    public static RolloutSettings Read(SettingReader read, string prefix) => new() { Group = read.Text("rollout.group", prefix + "ROLLOUT_GROUP") ?? "" };
}
