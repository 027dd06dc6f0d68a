namespace Ci.EdgeAgent.Configuration;

/// <summary>How the agent's log is written (<c>log</c> in agent.json). It goes to standard output.</summary>
internal sealed record LogSettings
{
    public const string Auto = "auto";
    public const string Text = "text";
    public const string Journald = "journald";
    public const string Json = "json";

    private static readonly string[] Formats = [Auto, Text, Journald, Json];

    /// <summary><c>text</c>: lines for people; <c>journald</c>: the same behind systemd's priorities; <c>json</c>: an object a line; <c>auto</c>, the default: journald under systemd, else text.</summary>
    public string Format { get; init; } = Auto;

    public static LogSettings Read(SettingReader read, string prefix)
    {
        var format = read.Text("log.format", prefix + "LOG_FORMAT") ?? Auto;
        if (!Formats.Contains(format))
            read.Errors.Add($"`log.format` must be one of {string.Join(", ", Formats)}");
        return new LogSettings { Format = format };
    }
}
