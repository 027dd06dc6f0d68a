namespace Ci.Reporting;

/// <summary>How long a report's Markdown may be, and what may stand in it.</summary>
public sealed record MarkdownOptions
{
    /// <summary>The most that the place takes, in UTF-8 bytes, which are never fewer than characters.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>The addresses of figures by name; a figure without one has no picture.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Draw figures that have no picture as Mermaid, as far as they have a faithful form.</summary>
    public bool Mermaid { get; init; }

    /// <summary>The titles of the sections that the job summary holds; null where the job has no summary.</summary>
    public IReadOnlyCollection<string>? Summary { get; init; }
}
