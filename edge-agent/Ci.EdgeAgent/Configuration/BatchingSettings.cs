namespace Ci.EdgeAgent.Configuration;

/// <summary>
/// How one model's requests are joined into one run. Off by default: a model whose rows influence each other would answer otherwise, and
/// a request would wait for others.
/// </summary>
internal sealed record BatchingSettings
{
    /// <summary>Rows of one run, 1 to 4096; 1 joins nothing.</summary>
    public int MaxRows { get; init; } = 1;

    /// <summary>Milliseconds that the first request waits for others, 0 to 1000; 0 joins only what came while the model was at work.</summary>
    public double MaxDelayMs { get; init; }

    public bool IsOn => MaxRows > 1;

    /// <summary>By model: <c>batching.models.NAME</c> before <c>batching</c> itself.</summary>
    public static IReadOnlyDictionary<string, BatchingSettings> Read(SettingReader read, IReadOnlyList<string> models)
    {
        var all = Read(read, "batching", "BATCHING", new BatchingSettings());
        return models.Distinct(StringComparer.Ordinal).ToDictionary(
            model => model,
            model => Read(read, $"batching.models.{model}", $"BATCHING_{Variable(model)}", all),
            StringComparer.Ordinal);
    }

    private static BatchingSettings Read(SettingReader read, string path, string variable, BatchingSettings defaults) => new()
    {
        MaxRows = (int)read.Whole($"{path}.maxRows", $"{AgentConfigurationFile.Prefix}{variable}_MAX_ROWS", defaults.MaxRows, 1, 4096),
        MaxDelayMs = read.Number($"{path}.maxDelayMs", $"{AgentConfigurationFile.Prefix}{variable}_MAX_DELAY_MS", defaults.MaxDelayMs, 0, 1000),
    };

    private static string Variable(string model) => string.Create(model.Length, model, (upper, name) =>
    {
        for (var i = 0; i < upper.Length; i++)
            upper[i] = char.IsAsciiLetterOrDigit(name[i]) ? char.ToUpperInvariant(name[i]) : '_';
    });
}
