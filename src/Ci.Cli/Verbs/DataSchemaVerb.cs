using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Evaluation;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops data schema</c>: begins a schema from what a table holds.</summary>
internal static class DataSchemaVerb
{
    public static Command Create(CliContext context)
    {
        var data = new Argument<string>("data") { Description = "The table: CSV, or CSV under gzip, of any size." };
        var output = new Option<string>("--out") { Description = "Where the schema goes.", DefaultValueFactory = _ => "data-schema.yaml" };
        var force = new Option<bool>("--force", "-f") { Description = "Overwrite a schema that is there." };
        return new Command("schema", "Begin a schema from a table: types, ranges with room, categories, missing cells.") { data, output, force }.Does(context, (parsed, cancellation) =>
        {
            var path = parsed.GetValue(output)!;
            OutputPlace.Check(context, "--out", path);
            // People tighten it by hand: their work is not lost to a second run.
            if (File.Exists(context.FullPath(path)) && !parsed.GetValue(force))
                throw new CliException($"{path} is there already; name another place with --out, or overwrite it with --force");
            var table = parsed.GetValue(data)!;
            var text = SchemaInference.Write(table, context.FullPath(table), cancellation);
            var columns = DataSchemaFile.Read(text, path).Columns.Count;
            SmallFile.Write(context, path, Encoding.UTF8.GetBytes(text));
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["schema"] = path, ["columns"] = columns });
            else
                context.Line($"{path}: {columns} columns; read it, correct it, then: mlops data check {table} --schema {path}");
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
