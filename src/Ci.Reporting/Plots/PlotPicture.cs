namespace Ci.Reporting;

/// <summary>A picture that a pipeline made, to be put into the page.</summary>
/// <param name="Id">Its file.</param>
/// <param name="Revision">Of which revision.</param>
/// <param name="MediaType"><c>image/png</c> and so on.</param>
/// <param name="Bytes">As they are in the file.</param>
public sealed record PlotPicture(string Id, string Revision, string MediaType, byte[] Bytes);
