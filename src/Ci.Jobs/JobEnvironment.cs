using System.Globalization;
using System.Text;

namespace Ci.Jobs;

/// <summary>What jobs may take from the world: variables, event files, a log.</summary>
internal sealed record JobEnvironment(IReadOnlyDictionary<string, string> Variables, Func<string, string?> ReadFile, TextWriter Log)
{
    /// <summary>A variable's value; null where absent or empty.</summary>
    public string? Text(string name) => this.Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public bool IsTrue(string name) => string.Equals(this.Text(name), "true", StringComparison.OrdinalIgnoreCase);

    public long Number(string name) =>
        this.Text(name) is not { } text ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new JobException($"{name} should be a number and is '{text}'");

    public Uri? Address(string name) =>
        this.Text(name) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw new JobException($"{name} should be an http(s) address and is '{text}'");

    /// <summary>Appends to a file that the runner made for us (and reads after the step has ended).</summary>
    public static void Append(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(new UTF8Encoding(false).GetBytes(text));
    }
}
