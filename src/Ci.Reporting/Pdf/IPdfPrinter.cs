namespace Ci.Reporting;

/// <summary>
/// Makes a PDF of a page. The page is ours and holds all that it needs; a printer must fetch nothing, from no network and no file,
/// whatever the page says. Bounded in time, memory and output. The same page and time give the same bytes. Nothing is retried.
/// </summary>
public interface IPdfPrinter
{
    /// <summary>Its name for messages, such as <c>weasyprint</c>.</summary>
    string Name { get; }

    /// <summary>The PDF's bytes.</summary>
    /// <param name="html">A page of <see cref="CardHtml.RenderForPrint"/>.</param>
    /// <param name="created">What the PDF says when it was made.</param>
    /// <param name="cancellation">Ends the program that prints.</param>
    /// <exception cref="ReportException">The program failed, took too long or too much; the message ends with what it said.</exception>
    Task<byte[]> PrintAsync(string html, DateTimeOffset created, CancellationToken cancellation);
}
