using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops card</c>: a model card for auditors and for the Hub, from a report, a release and what people say.</summary>
internal static class CardVerb
{
    public const string Summary = "Make a model card: PDF, page, or README for Hugging Face; read one back.";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Argument<string> ReportFile = new("report.json") { Description = "A report as data, as `mlops report` writes it." };
    private static readonly Option<string?> Release = new("--release") { Description = "The release of the model: release.json or its folder; its signature and the files beside it are verified." };
    private static readonly Option<string?> Details = new("--details") { Description = "What people say of the model (card.yaml, mlops.card/v1)." };
    private static readonly Option<string> Out = new("--out") { Description = "The file to write: *.pdf, *.html or *.md (a README with front matter).", Required = true };
    private static readonly Option<bool> Update = new("--update") { Description = "Into a README that is there: replaces our part, leaves what people wrote byte for byte." };
    private static readonly Option<string?> Printer = new("--printer") { Description = "What prints a PDF (default: weasyprint, else chromium)." };

    private static readonly Argument<string> Readme = new("README.md") { Description = "A README with Hugging Face's front matter." };
    private static readonly Option<string?> MetricsOut = new("--out") { Description = "Also write the numbers as a metrics file, for `mlops metrics diff`." };

    public static Command Create(CliContext context)
    {
        Printer.AcceptOnlyFromAmong([.. PdfPrinters.Names]);
        return new Command("card", Summary)
        {
            new Command("create", "Make a card from a report.") { ReportFile, Release, Details, Out, Update, Printer }.Does(context, (parsed, ct) => CreateAsync(context, parsed, ct)),
            new Command("read", "Read the metrics of a README's front matter.") { Readme, MetricsOut }.Does(context, parsed => Read(context, parsed)),
        };
    }

    private static async Task<int> CreateAsync(CliContext context, ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.GetRequiredValue(Out);
        var kind = Path.GetExtension(output).ToLowerInvariant();
        if (kind is not (".pdf" or ".html" or ".md"))
            throw new CliException($"--out {output} names no kind of card: end it in .pdf, .html or .md");
        if (parsed.GetValue(Update) && kind != ".md")
            throw new CliException("--update is for a README (*.md); a PDF or page is always made anew");
        OutputPlace.Check(context, "--out", output);
        // Before any work: a README is people's, and only --update knows how to leave their words alone.
        if (kind == ".md" && File.Exists(context.FullPath(output)) && !parsed.GetValue(Update))
            throw new CliException($"{output} is there: --update replaces our part of it and leaves the rest, or name another file with --out");
        var reportPath = parsed.GetRequiredValue(ReportFile);
        var release = await CardReleaseReading.ReadAsync(context, parsed.GetValue(Release), cancellation);
        var details = parsed.GetValue(Details) is { } file ? CardDetailsFile.Read(ReadText(context, file, 1 << 20, "write one as docs/guide/model-cards.md shows"), file) : CardDetails.None;
        var card = MakeCard(reportPath, ReadBytes(context, reportPath, Report.MostBytes, "`mlops report` writes it"), release, details);
        var notes = await WriteAsync(context, parsed, card, output, kind, cancellation);
        return Tell(context, parsed, output, release, notes);
    }

    private static ModelCard MakeCard(string path, byte[] json, CardRelease? release, CardDetails details)
    {
        try
        {
            return ModelCard.Of(json, release, details);
        }
        catch (ReportException error)
        {
            throw new CliException($"{path}: {error.Message}", inner: error);
        }
    }

    private static async Task<IReadOnlyList<string>> WriteAsync(CliContext context, ParseResult parsed, ModelCard card, string output, string kind, CancellationToken cancellation)
    {
        switch (kind)
        {
            case ".html":
                SmallFile.Write(context, output, Utf8.GetBytes(CardHtml.Render(card)));
                return [];
            case ".md" when parsed.GetValue(Update) && File.Exists(context.FullPath(output)):
                var readme = ReadText(context, output, HubFile.MostBytes, "");
                SmallFile.Write(context, output, Utf8.GetBytes(HubCard.Update(readme, card, output)));
                return HubCard.Differences(readme, card, output);
            case ".md":
                SmallFile.Write(context, output, Utf8.GetBytes(HubCard.Create(card)));
                return [];
            default:
                var world = new PrinterWorld(context.Variable("PATH") ?? "", context.Variable("HOME"));
                var html = CardHtml.RenderForPrint(card);
                var printer = PdfPrinters.Find(world, new PdfLimits(), parsed.GetValue(Printer));
                SmallFile.Write(context, output, await printer.PrintAsync(html, card.CreatedAt, cancellation));
                return await MissingGlyphs.FindAsync(html, world, cancellation);
        }
    }

    private static int Tell(CliContext context, ParseResult parsed, string output, CardRelease? release, IReadOnlyList<string> notes)
    {
        foreach (var note in notes)
            context.Note($"mlops: {note}");
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["file"] = context.FullPath(output),
                ["release"] = release?.Id,
                ["signature"] = SignatureWord(release),
                ["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]),
            });
        }
        else
        {
            context.Line($"{output}: {(release is null ? "a card of no release" : $"{release.Name} {release.Version}, signature {SignatureWord(release)}")}");
        }

        return ExitCode.Ok;
    }

    private static int Read(CliContext context, ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(Readme);
        var readme = ReadText(context, path, HubFile.MostBytes, "");
        var metrics = HubReading.Metrics(readme, path);
        if (parsed.GetValue(MetricsOut) is { } output)
        {
            OutputPlace.Check(context, "--out", output);
            SmallFile.Write(context, output, Utf8.GetBytes(HubFile.AsMetrics(metrics).ToJsonString() + "\n"));
        }

        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["file"] = path, ["metrics"] = HubFile.AsRows(metrics), ["frontMatter"] = HubReading.FrontMatter(readme, path) });
        else if (metrics.Count == 0)
            context.Line($"{path} has no metrics (no model-index in its front matter)");
        foreach (var metric in parsed.IsJson() ? [] : metrics)
            context.Line($"{metric.Dataset}{(metric.Split is null ? "" : $" {metric.Split}")}  {metric.Metric}  {metric.Text}{(metric.Unit is null ? "" : $" {metric.Unit}")}{(metric.Verified ? "  verified by the Hub" : "")}");
        return ExitCode.Ok;
    }

    private static string SignatureWord(CardRelease? release) => release?.State switch
    {
        SignatureState.Verified => "verified",
        SignatureState.NotVerified => "not verified",
        SignatureState.Missing => "absent",
        _ => "none",
    };

    private static string ReadText(CliContext context, string path, int most, string hint)
    {
        try
        {
            return Utf8.GetString(ReadBytes(context, path, most, hint));
        }
        catch (DecoderFallbackException error)
        {
            throw new CliException($"{path} is not UTF-8 text (byte {error.Index}); save it as UTF-8", inner: error);
        }
    }

    private static byte[] ReadBytes(CliContext context, string path, int most, string hint)
    {
        var file = new FileInfo(context.FullPath(path));
        if (!file.Exists)
            throw new CliException($"{path} is not there (looked in {context.WorkingDirectory}){(hint.Length > 0 ? $"; {hint}" : "")}");
        return file.Length <= most ? File.ReadAllBytes(file.FullName) : throw new CliException($"{path} has {file.Length} bytes; at most {most} are read");
    }
}
