namespace Ci.Data.Settings;

/// <summary>One setting as it stands in a file.</summary>
/// <param name="Section">The section: <c>core</c>, <c>remote</c>.</param>
/// <param name="Name">Of a section of which there may be many, such as a remote: its name; empty otherwise.</param>
/// <param name="Key">In lower case.</param>
/// <param name="Value">Without quotes.</param>
/// <param name="Line">From 1.</param>
public sealed record ConfigEntry(string Section, string Name, string Key, string Value, int Line)
{
    /// <summary><c>remote.storage.url</c>, <c>core.remote</c>.</summary>
    public string Path => this.Name.Length == 0 ? $"{this.Section}.{this.Key}" : $"{this.Section}.{this.Name}.{this.Key}";
}
