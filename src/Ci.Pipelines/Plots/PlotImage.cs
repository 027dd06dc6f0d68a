namespace Ci.Pipelines.Plots;

/// <summary>A picture that a pipeline made.</summary>
/// <param name="Id">Its file.</param>
/// <param name="Revision">Of which revision.</param>
/// <param name="Bytes">As they are in the file.</param>
public sealed record PlotImage(string Id, string Revision, byte[] Bytes);
