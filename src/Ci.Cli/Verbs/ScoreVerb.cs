using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Onnx;
using Ci.Statistics;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops score</c>: asks a model for predictions, from a CSV file or an Open Inference Protocol request.</summary>
internal static class ScoreVerb
{
    private const string FeaturesKey = "mlops.features";
    private const long MaxRequestBytes = 64 << 20;
    private const int ChunkRows = 4096;

    public static Command Create(CliContext context)
    {
        var model = new Option<string>("--model") { Description = "The ONNX file.", Required = true };
        var data = new Option<string?>("--data") { Description = "A CSV file; the model's metadata 'mlops.features' names the columns to use." };
        var input = new Option<string?>("--input") { Description = "An Open Inference Protocol v2 request as JSON; the response is JSON too." };
        var output = new Option<string?>("--out") { Description = "Where to write; standard output otherwise." };
        var library = new Option<string?>("--onnxruntime") { Description = "ONNX Runtime's library; otherwise MLOPS_ONNXRUNTIME, otherwise beside mlops." };
        var command = new Command("score", "Ask a model for predictions.") { model, data, input, output, library };
        return command.Does(context, parsed =>
        {
            var (csv, request) = (parsed.GetValue(data), parsed.GetValue(input));
            if ((csv is null) == (request is null))
                throw new CliException("give either --data rows.csv or --input request.json", ExitCode.Usage);
            var runtime = OnnxRuntime.Load(parsed.GetValue(library), context.Environment);
            using var session = OnnxSession.Load(runtime, context.FullPath(parsed.GetValue(model)!));
            var target = parsed.GetValue(output);
            var rows = csv is not null
                ? Deliver(context, target, ScoreTable(session, context.FullPath(csv)))
                : Deliver(context, target, (Respond(session, context.FullPath(request!), parsed.GetValue(model)!), 0));
            if (target is not null && parsed.IsJson())
                context.WriteJson(new JsonObject { ["out"] = target, ["rows"] = rows, ["provider"] = session.Provider });
            return ExitCode.Ok;
        });
    }

    private static int Deliver(CliContext context, string? target, (string Text, int Rows) answer)
    {
        if (target is null)
        {
            context.Out.Write(answer.Text);
            return answer.Rows;
        }

        OutputPlace.Check(context, "--out", target);
        // Whole or not at all: a failed run must not leave half a file that looks like an answer.
        var path = context.FullPath(target);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, answer.Text);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return answer.Rows;
    }

    private static (string Text, int Rows) ScoreTable(OnnxSession session, string path)
    {
        using var reader = new StreamReader(path);
        var table = Table.ReadCsv(reader, path);
        var features = Features(session);
        var columns = features.Select(table.Numbers).ToArray();
        var text = new StringBuilder();
        for (var start = 0; start < table.Rows; start += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, table.Rows - start);
            var values = new float[rows * columns.Length];
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns.Length; c++)
                    values[(r * columns.Length) + c] = (float)columns[c][start + r];
            }

            var outputs = session.Run([OnnxValue.Of(session.Inputs[0].Name, values, rows, columns.Length)]);
            if (start == 0)
                text.AppendJoin(',', outputs.SelectMany(o => Header(o, rows))).Append('\n');
            for (var r = 0; r < rows; r++)
                text.AppendJoin(',', outputs.SelectMany(o => Cells(o, rows, r))).Append('\n');
        }

        return (text.ToString(), table.Rows);
    }

    private static string[] Features(OnnxSession session)
    {
        if (session.Inputs.Count != 1 || session.Inputs[0].ElementType != OnnxElementType.Float || session.Inputs[0].Shape.Length != 2)
            throw new CliException($"--data needs a model with one input FP32 [batch, n]; this one has {string.Join("; ", session.Inputs)}: use --input");
        if (!session.Metadata.TryGetValue(FeaturesKey, out var json))
            throw new CliException($"the model does not say which columns it takes: it has no metadata '{FeaturesKey}'; use --input");
        try
        {
            return JsonNode.Parse(json) is JsonArray names
                ? [.. names.Select(n => (string?)n ?? throw new JsonException("a name is null"))]
                : throw new JsonException("not an array");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CliException($"the model's metadata '{FeaturesKey}' is no JSON array of column names: {error.Message}", inner: error);
        }
    }

    private static int Width(OnnxValue output, int rows) =>
        output.Kind == OnnxValueKind.Tensor && output.Count % rows == 0 && output.Shape.Length > 0 && output.Shape[0] == rows
            ? output.Count / rows
            : throw new CliException($"the output '{output.Name}' has no row for each input row; use --input");

    private static IEnumerable<string> Header(OnnxValue output, int rows)
    {
        var width = Width(output, rows);
        var name = Quote(output.Name);
        return width == 1 ? [name] : Enumerable.Range(0, width).Select(k => Quote($"{output.Name}_{k}"));
    }

    private static IEnumerable<string> Cells(OnnxValue output, int rows, int row)
    {
        var width = Width(output, rows);
        for (var k = row * width; k < (row + 1) * width; k++)
        {
            yield return output.Type switch
            {
                OnnxElementType.String => Quote(output.Strings[k]),
                OnnxElementType.Int64 => output.As<long>()[k].ToString(CultureInfo.InvariantCulture),
                OnnxElementType.Float => output.As<float>()[k].ToString("R", CultureInfo.InvariantCulture),
                OnnxElementType.Double => output.As<double>()[k].ToString("R", CultureInfo.InvariantCulture),
                _ => throw new CliException($"the output '{output.Name}' holds {output.Type}, which a CSV file cannot show; use --input"),
            };
        }
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Respond(OnnxSession session, string path, string modelName)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxRequestBytes })
            throw new CliException($"{path} is larger than {MaxRequestBytes} bytes; split the request");
        try
        {
            using var request = JsonDocument.Parse(File.ReadAllBytes(path));
            if (request.RootElement.ValueKind != JsonValueKind.Object
                || !request.RootElement.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Array)
            {
                throw new CliException($"{path}: no array 'inputs'; expected an Open Inference Protocol v2 request");
            }

            var given = inputs.EnumerateArray().Select(TensorJson.Read).ToDictionary(v => v.Name, StringComparer.Ordinal);
            var ordered = session.Inputs.Select(i => given.GetValueOrDefault(i.Name)
                ?? throw new CliException($"{path}: the input '{i.Name}' is missing; the model takes {string.Join("; ", session.Inputs)}")).ToList();
            if (given.Count != ordered.Count)
                throw new CliException($"{path}: more inputs than the model takes: {string.Join("; ", session.Inputs)}");
            var id = request.RootElement.TryGetProperty("id", out var i) && i.ValueKind == JsonValueKind.String ? i.GetString() : null;
            return Response(session.Run(ordered), Path.GetFileNameWithoutExtension(modelName), id);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new CliException($"{path}: no valid request: {error.Message}", inner: error);
        }
    }

    private static string Response(IReadOnlyList<OnnxValue> outputs, string modelName, string? id)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("model_name", modelName);
            if (id is not null)
                writer.WriteString("id", id);
            writer.WriteStartArray("outputs");
            foreach (var output in outputs)
                TensorJson.Write(writer, output);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }
}
