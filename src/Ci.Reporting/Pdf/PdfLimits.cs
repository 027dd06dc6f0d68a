namespace Ci.Reporting;

/// <summary>What printing may cost.</summary>
public sealed record PdfLimits
{
    /// <summary>Until the program is ended. A card of 20 pages takes about three seconds.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Address space of WeasyPrint, in bytes. Chromium reserves more than it uses and is not bounded by it.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>Bytes of the PDF.</summary>
    public int Output { get; init; } = 64 << 20;
}
