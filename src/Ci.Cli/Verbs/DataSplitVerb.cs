using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Evaluation;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops data split</c>: parts a table into files, the same way every time, and records how.</summary>
internal static class DataSplitVerb
{
    public static Command Create(CliContext context)
    {
        var data = new Argument<string>("data") { Description = "The table: CSV, or CSV under gzip, of any size." };
        var output = new Option<string>("--out") { Description = "The folder of the parts and of split.json.", Required = true };
        var by = new Option<string>("--by") { Description = "random, stratified (each part has each class's share), grouped (no group is parted), or chronological.", Required = true };
        by.AcceptOnlyFromAmong("random", "stratified", "grouped", "chronological");
        var fractions = new Option<string?>("--fractions") { Description = "The parts, in the order of time where there is one: train=0.8,test=0.2 (the default)." };
        var folds = new Option<int?>("--folds") { Description = "Instead of --fractions: parts fold-1 to fold-K of equal size." };
        var seed = new Option<long>("--seed") { Description = "Of the rows' lots.", DefaultValueFactory = _ => 1 };
        var column = new Option<string?>("--column") { Description = "The class, the group or the time." };
        var key = new Option<string[]>("--key") { Description = "Columns that name a row: its lot depends on them alone, and it is told when one stands in two parts.", Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = true };
        var gap = new Option<string?>("--gap") { Description = "chronological: drop rows that lie less than this before the next part, such as 48h." };
        var command = new Command("split", "Split a table into files by rows, and record how in split.json.") { data, output, by, fractions, folds, seed, column, key, gap };
        return command.Does(context, (parsed, cancellation) =>
        {
            OutputPlace.CheckFolder(context, "--out", parsed.GetValue(output)!);
            if (parsed.GetValue(folds) is not null && parsed.GetValue(fractions) is not null)
                throw new CliException("give either --fractions or --folds", ExitCode.Usage);
            var record = Splitter.Run(
                new SplitRequest
                {
                    Folder = context.WorkingDirectory,
                    DataPath = parsed.GetValue(data)!,
                    OutPath = parsed.GetValue(output)!,
                    Kind = Enum.Parse<SplitKind>(parsed.GetValue(by)!, ignoreCase: true),
                    Parts = parsed.GetValue(folds) is { } count ? SplitRequest.Folds(count) : SplitRequest.ReadParts(parsed.GetValue(fractions) ?? "train=0.8,test=0.2"),
                    Seed = parsed.GetValue(seed),
                    Column = parsed.GetValue(column),
                    Key = parsed.GetValue(key) ?? [],
                    Gap = parsed.GetValue(gap),
                    Version = VersionVerb.Number,
                },
                cancellation);
            if (parsed.IsJson())
                context.WriteJson(JsonNode.Parse(record.ToBytes())!);
            else
                Tell(context, record, parsed.GetValue(output)!);
            Warn(context, record);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Tell(CliContext context, SplitRecord record, string folder)
    {
        context.Line($"{record.InWords()}: {record.Data.Rows:#,0} rows of {record.Data.Path}");
        foreach (var part in record.Parts)
        {
            var span = part.From is null ? "" : $", {part.From} to {part.To}";
            context.Line($"  {Path.Combine(folder, part.Path)}: {part.Rows:#,0} rows ({Percent(part.Share!.Value)}{span})");
        }

        if (record.Dropped > 0)
            context.Line($"  dropped for the gap: {record.Dropped:#,0} rows");
    }

    private static void Warn(CliContext context, SplitRecord record)
    {
        if (record.RowsInTwoParts > 0)
            context.Note($"mlops: warning: {record.RowsInTwoParts:#,0} rows have a twin with the very same cells in another part; remove duplicates, or a model is tested on what it was trained on");
        if (record.KeysInTwoParts > 0)
            context.Note($"mlops: warning: {record.KeysInTwoParts:#,0} rows have a key ({string.Join(", ", record.Key)}) that stands in another part, too; `--by grouped --column` keeps equal keys together");
        foreach (var part in record.Parts.Where(part => Math.Abs(part.Share!.Value - part.Wanted!.Value) > 0.05))
            context.Note($"mlops: warning: {part.Name} has {Percent(part.Share!.Value)} of the rows, wanted were {Percent(part.Wanted!.Value)}{(record.By == "grouped" ? "; groups differ in size" : "")}");
    }

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
