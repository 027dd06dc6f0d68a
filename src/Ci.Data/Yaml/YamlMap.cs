namespace Ci.Data.Yaml;

/// <summary>
/// Keys with values, in order. Keys are texts here; those that a file wrote as a number, a flag or nothing are remembered, because
/// <c>1:</c> and <c>'1':</c> are two keys to DVC and have to be written as they were read.
/// </summary>
public sealed class YamlMap() : OrderedDictionary<string, object?>(StringComparer.Ordinal)
{
    private HashSet<string>? others;

    /// <summary>Adds a key, or gives it another value.</summary>
    public void Add(string key, object? value, bool isText)
    {
        this[key] = value;
        if (!isText)
            (this.others ??= new(StringComparer.Ordinal)).Add(key);
    }

    /// <summary>The key was a text in its file.</summary>
    public bool IsText(string key) => this.others is null || !this.others.Contains(key);
}
