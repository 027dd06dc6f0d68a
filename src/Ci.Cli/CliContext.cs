using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Ci.Cli;

/// <summary>
/// All that a verb may take from the world: streams, environment, clock, working directory. Made once in <see cref="Program"/>;
/// tests make their own.
/// </summary>
internal sealed class CliContext
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, IndentSize = 2 };

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Reads a line that a person answers; null when nobody is there to ask.</summary>
    public Func<string?>? ReadAnswer { get; init; }

    /// <summary>Standard error is a terminal where a person may be waiting: progress bars are welcome.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>How the verb is asked to stop; null where nobody can.</summary>
    public Interruption? Interruption { get; set; }

    /// <summary>Only errors and <c>--json</c> are written. Set by <c>--quiet</c> before the verb's body runs.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>The same world seen from another folder.</summary>
    public CliContext In(string folder) => new()
    {
        Out = this.Out,
        Error = this.Error,
        Environment = this.Environment,
        WorkingDirectory = this.FullPath(folder),
        Time = this.Time,
        IsInteractive = this.IsInteractive,
    };

    /// <summary>The value of an environment variable; null where it is absent or empty.</summary>
    public string? Variable(string name) =>
        this.Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A path as the user wrote it, made absolute against the working directory.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, this.WorkingDirectory);

    /// <summary>One line of the answer, on standard output.</summary>
    public void Line(string text = "")
    {
        if (!this.IsQuiet)
            this.Out.WriteLine(text);
    }

    /// <summary>One line about the work, on standard error: never part of the answer.</summary>
    public void Note(string text)
    {
        if (!this.IsQuiet)
            this.Error.WriteLine(text);
    }

    /// <summary>One line about what went wrong, on standard error; quiet or not.</summary>
    public void Problem(string text) => this.Error.WriteLine(text);

    /// <summary>Machine output for <c>--json</c>: one indented document on standard output.</summary>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => this.WriteJson(JsonSerializer.SerializeToNode(value, type)!);

    /// <inheritdoc cref="WriteJson{T}(T, JsonTypeInfo{T})"/>
    public void WriteJson(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            node.WriteTo(writer);
        }

        this.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
