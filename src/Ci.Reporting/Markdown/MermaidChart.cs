namespace Ci.Reporting;

/// <summary>A chart in Mermaid's words.</summary>
/// <param name="Source">Lines that each end in a line feed.</param>
/// <param name="Legend">What lines and bars mean, for Mermaid's charts have no legend; plain text.</param>
internal sealed record MermaidChart(string Source, string Legend);
