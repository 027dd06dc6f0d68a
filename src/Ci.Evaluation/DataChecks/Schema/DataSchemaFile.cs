using YamlDotNet.RepresentationModel;

namespace Ci.Evaluation;

/// <summary>Reads <c>data-schema.yaml</c>, strictly: unknown keys and contradictions are errors with file and line.</summary>
public static class DataSchemaFile
{
    private const int MostColumns = 10_000;

    private static readonly string[] Keys = ["schema", "rows", "missing", "extra_columns", "constant_columns", "forbidden", "unique", "drift", "columns"];

    /// <summary>Reads the text of a schema.</summary>
    /// <param name="yaml">The whole text, at most 1 MiB.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="EvaluationException">An unknown key, a wrong value, no column.</exception>
    public static DataSchema Read(string yaml, string file)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var root = YamlSection.Root(yaml, file) ?? throw new EvaluationException($"{file}: it is empty; expected `columns:`; `mlops data schema` writes a first one");
        var section = new YamlSection(file, root, "the file", Keys);
        if (section.Text("schema") is not (null or DataSchema.CurrentSchema))
            throw section.Error("schema", $"`schema` is `{section.Text("schema")}`; this mlops reads `{DataSchema.CurrentSchema}`");
        var rows = section.Inner("rows", "min", "max");
        var (least, most) = (rows.Whole("min", 0, long.MaxValue), rows.Whole("max", 0, long.MaxValue));
        if (least > most)
            throw section.Error("rows", "`rows` allows no number of rows at all: min lies above max");
        var columns = ReadColumns(file, section);
        var schema = new DataSchema
        {
            LeastRows = least,
            MostRows = most,
            MissingMarks = section.Texts("missing"),
            ExtraColumns = section.Allowed("extra_columns") ?? false,
            Forbidden = section.Texts("forbidden"),
            Keys = ReadKeys(section),
            Columns = columns,
            Drift = ReadDrift(section),
        };
        CheckNames(section, schema);
        return schema;
    }

    private static List<ColumnRule> ReadColumns(string file, YamlSection section)
    {
        if (section.Node("columns") is not YamlMappingNode { Children.Count: > 0 and <= MostColumns } map)
            throw section.Error("columns", $"`columns` must be a mapping of 1 to {MostColumns} columns, such as `columns: {{load: {{type: number, min: 0}}}}`");
        var constant = section.Allowed("constant_columns") ?? true;
        var columns = new List<ColumnRule>();
        foreach (var (key, value) in map)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                throw new EvaluationException($"{file}:{key.Start.Line}: a column's name must be a text");
            columns.Add(ColumnRuleReader.Read(file, name, value, constant));
        }

        return columns;
    }

    private static List<IReadOnlyList<string>> ReadKeys(YamlSection section) => section.Node("unique") switch
    {
        null => [],
        YamlSequenceNode { Children: [YamlScalarNode, ..] } => [section.Texts("unique")],
        YamlSequenceNode list when list.All(item => item is YamlSequenceNode { Children.Count: > 0 } inner && inner.All(name => name is YamlScalarNode)) =>
            [.. list.Select(item => (IReadOnlyList<string>)[.. ((YamlSequenceNode)item).Select(name => ((YamlScalarNode)name).Value ?? "")])],
        _ => throw section.Error("unique", "`unique` lists columns whose values together are different in every row, such as [station, time], or several such lists"),
    };

    private static DriftRule ReadDrift(YamlSection section)
    {
        var drift = section.Inner("drift", "level", "distance", "missing", "block");
        var level = drift.Number("level") ?? 0.01;
        if (level is not (>= 1e-6 and <= 0.5))
            throw drift.Error("level", $"`level` is the chance of a false alarm, from 0.000001 to 0.5, such as 0.01, not {level}");
        return new DriftRule
        {
            Level = level,
            Distance = ColumnRuleReader.Share(drift, "distance") ?? 0.1,
            Missing = ColumnRuleReader.Share(drift, "missing") ?? 0.05,
            Block = drift.Text("block") is "auto" ? null : drift.Whole("block", 1, 1_000_000_000),
        };
    }

    private static void CheckNames(YamlSection section, DataSchema schema)
    {
        var both = schema.Columns.FirstOrDefault(rule => schema.Forbidden.Contains(rule.Name, StringComparer.Ordinal));
        if (both is not null)
            throw section.Error("forbidden", $"the column `{both.Name}` is forbidden, but stands below `columns` too");
        foreach (var name in schema.Keys.SelectMany(key => key))
        {
            if (schema.RuleOf(name) is null)
                throw section.Error("unique", $"`unique` names the column `{name}`, which does not stand below `columns`");
        }
    }
}
