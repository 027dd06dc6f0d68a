namespace Ci.Reporting;

/// <summary>The printers that there are, the better one first; one line each.</summary>
public static class PdfPrinters
{
    /// <summary>What may be asked for.</summary>
    public static readonly IReadOnlyList<string> Names = [WeasyPrint.Program, Chromium.Program];

    /// <summary>The first printer that is installed, or the one asked for.</summary>
    /// <exception cref="ReportException">None is; the message says how to get one.</exception>
    public static IPdfPrinter Find(PrinterWorld world, PdfLimits limits, string? wanted = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        var found = new IPdfPrinter?[]
        {
            wanted is null or WeasyPrint.Program ? WeasyPrint.Find(world, limits) : null,
            wanted is null or Chromium.Program ? Chromium.Find(world, limits) : null,
        }.OfType<IPdfPrinter>().FirstOrDefault();
        return found ?? throw new ReportException(wanted is null
            ? "a PDF needs weasyprint (or chromium), and neither is installed: apt-get install weasyprint fonts-noto-core, or write card.html and print that"
            : $"{wanted} is not installed: apt-get install {wanted}, or leave --printer out");
    }
}
