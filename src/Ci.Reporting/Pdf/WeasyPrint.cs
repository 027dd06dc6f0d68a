using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>
/// WeasyPrint (a Python package; Debian's <c>weasyprint</c>), which knows paged CSS: page numbers in the contents, running heads, tagged
/// PDF (PDF/UA-1). It is asked through its Python interface, because its command would fetch whatever address a page names.
/// </summary>
internal sealed class WeasyPrint(string python, PrinterWorld world, PdfLimits limits) : IPdfPrinter
{
    public const string Program = "weasyprint";

    // Every address is refused; memory is bounded from within; the page comes in, the PDF goes out, no file is touched.
    private const string Driver =
        """
        import logging, resource, sys
        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
        resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
        import weasyprint
        def refuse(url, *more, **named):
            raise ValueError('nothing is fetched')
        logging.getLogger('weasyprint').setLevel(logging.CRITICAL)
        page = weasyprint.HTML(file_obj=sys.stdin.buffer, encoding='utf-8', base_url='about:blank', url_fetcher=refuse)
        old = int(weasyprint.__version__.split('.')[0]) < 59
        sys.stdout.buffer.write(page.write_pdf(**{'variant' if old else 'pdf_variant': 'pdf/ua-1'}))
        """;

    public string Name => Program;

    /// <summary>Null where it is not installed.</summary>
    public static WeasyPrint? Find(PrinterWorld world, PdfLimits limits) =>
        world.Find(Program) is { } script && Interpreter(script, world) is { } python ? new WeasyPrint(python, world, limits) : null;

    public async Task<byte[]> PrintAsync(string html, DateTimeOffset created, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-s", "-B", "-c", Driver, limits.Memory.ToString(CultureInfo.InvariantCulture), Math.Ceiling(limits.Time.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        ];
        var run = await new PrintProcess(Program, python, arguments, world.Variables(created), limits).RunAsync(Encoding.UTF8.GetBytes(html), cancellation);
        if (run.ExitCode == 0 && run.Output.AsSpan().StartsWith("%PDF-"u8))
            return run.Output;
        throw new ReportException(run.Error.Contains("MemoryError", StringComparison.Ordinal)
            ? $"weasyprint needed more than {Numbers.Bytes(limits.Memory)} of memory for this card; write card.html instead"
            : $"weasyprint could not print the card (exit code {run.ExitCode}): {PlainText.Clean(run.LastWords)}");
    }

    // The script's first line names the Python that has the package; another one may not.
    private static string? Interpreter(string script, PrinterWorld world)
    {
        using var reader = new StreamReader(script);
        var buffer = new char[200];
        var line = new string(buffer, 0, reader.Read(buffer, 0, buffer.Length)).Split('\n')[0];
        if (!line.StartsWith("#!", StringComparison.Ordinal))
            return null;
        var words = line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var command = words is [var env, var name, ..] && Path.GetFileName(env) == "env" ? world.Find(name) : words.FirstOrDefault();
        return command is not null && Path.GetFileName(command).StartsWith("python", StringComparison.Ordinal) && File.Exists(command) ? command : null;
    }
}
