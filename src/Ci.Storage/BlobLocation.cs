namespace Ci.Storage;

/// <summary>Where a blob store is, and what is needed to get in. A store takes credentials from here and from nowhere else.</summary>
/// <param name="Address">A folder's path, <c>azure://container/path</c>, <c>s3://bucket/path</c>, <c>https://host/path</c>.</param>
public sealed record BlobLocation(string Address)
{
    /// <summary>The name that people gave it, for messages; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Settings by DVC's names of them (<c>account_name</c>, <c>endpointurl</c>, …).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment in which credentials may be found.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often a store behind a network tries again by itself; 0: not at all, for callers who do so themselves.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Through which proxies requests go; null: what the process's environment says.</summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    /// <summary>A setting; null where it is absent or empty.</summary>
    public string? Setting(string key) => this.Settings.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>A variable of the environment; null where it is absent or empty.</summary>
    public string? Variable(string name) => this.Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A setting that is <c>true</c> or <c>false</c>.</summary>
    /// <exception cref="StorageRefusedException">It is something else.</exception>
    public bool Flag(string key, bool otherwise) => this.Setting(key)?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        _ => throw new StorageRefusedException($"{this.Shown(this.Address)}: `{key}` must be true or false"),
    };

    /// <summary>A setting in seconds.</summary>
    /// <exception cref="StorageRefusedException">It is no positive number.</exception>
    public TimeSpan Seconds(string key, TimeSpan otherwise)
    {
        if (this.Setting(key) is not { } text)
            return otherwise;
        return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new StorageRefusedException($"{this.Shown(this.Address)}: `{key}` must be a number of seconds");
    }

    /// <summary>How messages call the store: by its name, if it has one, and by what it is.</summary>
    public string Shown(string what) => this.Name is null ? what : $"remote `{this.Name}` ({what})";
}
