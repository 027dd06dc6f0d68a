using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Evaluation;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops data check</c>: says whether a table is what its schema asks for and what its reference was.</summary>
internal static class DataCheckVerb
{
    private const int MostLines = 20;

    public static Command Create(CliContext context)
    {
        var data = new Argument<string>("data") { Description = "The table: CSV, or CSV under gzip, of any size." };
        var schema = new Option<string?>("--schema") { Description = "What the table must be: data-schema.yaml, which `mlops data schema` begins." };
        var reference = new Option<string?>("--reference") { Description = "The table that drift is measured against, column by column." };
        var output = new Option<string>("--out") { Description = "Where the findings go.", DefaultValueFactory = _ => "data-check.json" };
        var report = new Option<string?>("--report") { Description = "Where the findings go as Markdown." };
        var metrics = new Option<string?>("--metrics") { Description = "Where a flat JSON of counts goes, for `mlops metrics`." };
        var noFail = new Option<bool>("--no-fail") { Description = "End with 0 whatever was found: a stage then records it and the pipeline goes on." };
        var command = new Command("check", "Check a table against a schema and a reference. Exit code 0: pass, 3: fail, 4: inconclusive.") { data, schema, reference, output, report, metrics, noFail };
        return command.Does(context, (parsed, cancellation) =>
        {
            OutputPlace.Check(context, "--out", parsed.GetValue(output));
            OutputPlace.Check(context, "--report", parsed.GetValue(report));
            OutputPlace.Check(context, "--metrics", parsed.GetValue(metrics));
            if (parsed.GetValue(schema) is null && parsed.GetValue(reference) is null)
                throw new CliException("there is nothing to check against: give --schema, --reference, or both; `mlops data schema` writes a first schema", ExitCode.Usage);
            var check = DataChecker.Run(
                new DataCheckRequest { Folder = context.WorkingDirectory, DataPath = parsed.GetValue(data)!, SchemaPath = parsed.GetValue(schema), ReferencePath = parsed.GetValue(reference) },
                cancellation);
            var bytes = check.ToBytes();
            SmallFile.Write(context, parsed.GetValue(output)!, bytes);
            if (parsed.GetValue(report) is { } page)
                SmallFile.Write(context, page, Encoding.UTF8.GetBytes(DataCheckMarkdown.Render(check)));
            if (parsed.GetValue(metrics) is { } counts)
                SmallFile.Write(context, counts, DataCheckMetrics.Of(check));
            if (parsed.IsJson())
                context.WriteJson(JsonNode.Parse(bytes)!);
            else
                Tell(context, check);
            return Task.FromResult(parsed.GetValue(noFail) ? ExitCode.Ok : CodeOf(check.Outcome));
        });
    }

    private static int CodeOf(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Pass => ExitCode.Ok,
        CheckOutcome.Fail => ExitCode.Regress,
        _ => ExitCode.Inconclusive,
    };

    private static void Tell(CliContext context, DataCheck check)
    {
        var lines = DataCheckText.Lines(check).ToList();
        context.Line(DataCheckText.Headline(check));
        foreach (var line in lines.Take(MostLines))
            context.Line("  " + line);
        if (lines.Count > MostLines)
            context.Line($"  and {lines.Count - MostLines} more");
    }
}
