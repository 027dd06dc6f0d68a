using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Checks a table against a schema and a reference, each read once from end to end, in memory that does not grow with the rows.</summary>
public static class DataChecker
{
    private const int MostBreaches = 1_000;
    private const int MostColumns = 10_000;
    private const int LargestSchema = 1 << 20;

    /// <summary>Reads everything and says what it found; writes nothing.</summary>
    /// <exception cref="EvaluationException">A file is missing, or the schema is wrong.</exception>
    /// <exception cref="TableException">A file is no CSV as needed.</exception>
    public static DataCheck Run(DataCheckRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.SchemaPath is null && request.ReferencePath is null)
            throw new EvaluationException("there is nothing to check against: give a schema, a reference, or both");
        var (schema, against) = SchemaOf(request, cancellation);
        using var source = DataSource.Open(request.DataPath, Full(request, request.DataPath));
        if (source.Rows.Columns.Count > MostColumns)
            throw new TableException($"{source.Path}: it has {source.Rows.Columns.Count} columns; at most {MostColumns} are checked");
        using var table = new TableCheck(schema, source.Rows, judges: true);
        table.Run(source.Rows, cancellation);
        var data = source.Finish();
        var breaches = table.Finish(data.Rows, (columns, lines) => LineReader.CellsAt(request.DataPath, Full(request, request.DataPath), columns, lines));
        var (reference, drift) = DriftOf(request, schema, table, cancellation);
        return new DataCheck
        {
            Outcome = DataCheck.Of(breaches, drift),
            Data = data,
            Reference = reference,
            Against = against,
            Rules = table.Rules,
            Breaches = [.. breaches.Take(MostBreaches)],
            MoreBreaches = Math.Max(0, breaches.Count - MostBreaches),
            Drift = drift,
            Columns = [.. table.Columns.Select(column => column.Facts())],
        };
    }

    private static (DataSchema Schema, CheckedSchema? Against) SchemaOf(DataCheckRequest request, CancellationToken cancellation)
    {
        if (request.SchemaPath is not { } path)
            return (SchemaInference.Types(request.ReferencePath!, Full(request, request.ReferencePath!), cancellation), null);
        var bytes = DataFile.ReadBytes(path, Full(request, path));
        if (bytes.Length > LargestSchema)
            throw new EvaluationException($"{path}: it has {bytes.Length} bytes; at most {LargestSchema} are read: is it the schema?");
        return (DataSchemaFile.Read(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), DataFile.Shown(path)), new CheckedSchema(DataFile.Shown(path), DataFile.Digest(bytes)));
    }

    private static (CheckedData? Reference, IReadOnlyList<DriftResult> Drift) DriftOf(DataCheckRequest request, DataSchema schema, TableCheck table, CancellationToken cancellation)
    {
        if (request.ReferencePath is not { } path)
            return (null, []);
        using var source = DataSource.Open(path, Full(request, path));
        using var reference = new TableCheck(schema, source.Rows, judges: false);
        reference.Run(source.Rows, cancellation);
        return (source.Finish(), DriftJudge.Judge(schema.Drift, table.Columns, reference.Columns));
    }

    private static string Full(DataCheckRequest request, string path) => Path.GetFullPath(path, request.Folder);
}
