using System.CommandLine;
using Ci.Pipelines.Plots;

namespace Ci.Cli.Verbs;

/// <summary>The options of <c>plots show</c> and <c>plots diff</c>.</summary>
internal sealed class PlotOptions
{
    private readonly Option<string?> template = new("--template", "-t") { Description = "A built-in template, or the name or path of a Vega-Lite file (.dvc/plots/NAME.json)." };
    private readonly Option<string?> x = new("-x") { Description = "The column of the horizontal axis." };
    private readonly Option<string?> y = new("-y") { Description = "The column of the vertical axis." };
    private readonly Option<bool> noHeader = new("--no-header") { Description = "CSV and TSV files have no line with names; columns are 0, 1, 2 …" };
    private readonly Option<string?> title = new("--title") { Description = "What stands above the plots." };
    private readonly Option<string?> xLabel = new("--x-label") { Description = "What stands at the horizontal axis." };
    private readonly Option<string?> yLabel = new("--y-label") { Description = "What stands at the vertical axis." };
    private readonly Option<string> output = new("--out", "-o") { DefaultValueFactory = _ => "dvc_plots", Description = "The folder for the page." };
    private readonly Option<bool> vega = new("--show-vega") { Description = "Write one plot's Vega-Lite specification to standard output; no page." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { this.template, this.x, this.y, this.noHeader, this.title, this.xLabel, this.yLabel, this.output, this.vega })
            command.Options.Add(option);
    }

    public bool ShowVega(ParseResult parsed) => parsed.GetValue(this.vega);

    public string Folder(ParseResult parsed) => parsed.GetValue(this.output)!;

    public PlotSettings Settings(ParseResult parsed) => new()
    {
        X = parsed.GetValue(this.x),
        Y = parsed.GetValue(this.y),
        Template = parsed.GetValue(this.template),
        Title = parsed.GetValue(this.title),
        XLabel = parsed.GetValue(this.xLabel),
        YLabel = parsed.GetValue(this.yLabel),
        Header = parsed.GetValue(this.noHeader) ? false : null,
    };
}
