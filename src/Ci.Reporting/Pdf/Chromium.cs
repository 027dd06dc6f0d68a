using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>
/// Chromium, where WeasyPrint is not: page numbers and tags, but neither page numbers in the contents nor running titles. The page's own
/// content security policy lets it load nothing; every name of a host leads nowhere besides.
/// </summary>
internal sealed class Chromium(string program, PrinterWorld world, PdfLimits limits) : IPdfPrinter
{
    public const string Program = "chromium";

    public string Name => Program;

    /// <summary>Null where it is not installed.</summary>
    public static Chromium? Find(PrinterWorld world, PdfLimits limits) =>
        (world.Find(Program) ?? world.Find("google-chrome") ?? world.Find("chromium-browser")) is { } program ? new Chromium(program, world, limits) : null;

    public async Task<byte[]> PrintAsync(string html, DateTimeOffset created, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-print-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "card.html"), Path.Combine(folder.FullName, "card.pdf"));
            await File.WriteAllTextAsync(page, html, new UTF8Encoding(false), cancellation);
            var variables = world.Variables(created);
            // Its profile, caches and crash reports lie in the folder that goes away.
            (variables["HOME"], variables["TMPDIR"]) = (folder.FullName, folder.FullName);
            var run = await new PrintProcess(Program, program, this.Arguments(folder.FullName, page, pdf), variables, limits).RunAsync(default, cancellation);
            if (run.ExitCode != 0 || !File.Exists(pdf))
                throw new ReportException($"chromium could not print the card (exit code {run.ExitCode}): {PlainText.Clean(run.LastWords)}");
            if (new FileInfo(pdf).Length > limits.Output)
                throw new ReportException($"chromium made a PDF of more than {Numbers.Bytes(limits.Output)}");
            return Dated(await File.ReadAllBytesAsync(pdf, cancellation), created);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string[] Arguments(string folder, string page, string pdf) =>
    [
        "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
        "--disable-component-update", "--disable-default-apps", "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={Path.Combine(folder, "profile")}",
        "--no-pdf-header-footer", "--generate-pdf-document-outline", $"--print-to-pdf={pdf}",
        // Chromium's own sandbox does not start as root (a container's usual user).
        .. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(),
        new Uri(page).AbsoluteUri,
    ];

    // Chromium writes the present time; dates of the same length keep every offset of the file.
    private static byte[] Dated(byte[] pdf, DateTimeOffset created)
    {
        var stamp = Encoding.ASCII.GetBytes(created.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        foreach (var key in (byte[][])[[.. "/CreationDate (D:"u8], [.. "/ModDate (D:"u8]])
        {
            var at = pdf.AsSpan().IndexOf(key);
            if (at >= 0 && pdf.Length >= at + key.Length + stamp.Length)
                stamp.CopyTo(pdf.AsSpan(at + key.Length));
        }

        return pdf;
    }
}
