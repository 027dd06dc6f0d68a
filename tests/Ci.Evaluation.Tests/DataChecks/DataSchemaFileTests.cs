namespace Ci.Evaluation.Tests.DataChecks;

public sealed class DataSchemaFileTests
{
    [Theory]
    [InlineData("", "s.yaml: it is empty")]
    [InlineData("columns: [a]\n", "s.yaml:1: `columns` must be a mapping")]
    [InlineData("columns: {}\n", "`columns` must be a mapping of 1 to 10000 columns")]
    [InlineData("schema: mlops.data-schema/v2\ncolumns: {a: number}\n", "s.yaml:1: `schema` is `mlops.data-schema/v2`; this mlops reads `mlops.data-schema/v1`")]
    [InlineData("colums: {a: number}\n", "s.yaml:1: the file has no key `colums`; did you mean `columns`?")]
    [InlineData("columns:\n  a:\n    type: number\n    maximum: 3\n", "s.yaml:4: the column `a` has no key `maximum`")]
    [InlineData("columns:\n  a: {type: number, mim: 3}\n", "s.yaml:2: the column `a` has no key `mim`; did you mean `min`?")]
    [InlineData("columns:\n  a: {type: float}\n", "s.yaml:2: the column `a`: `type` must be one of integer, number, boolean, category, string, date, datetime, not `float`")]
    [InlineData("columns:\n  a: {min: 3}\n", "`type` is missing")]
    [InlineData("columns:\n  a: {type: string, min: 3}\n", "a column of the type string has no `min`: that is for integer, number, date and datetime")]
    [InlineData("columns:\n  a: {type: number, pattern: x}\n", "a column of the type number has no `pattern`")]
    [InlineData("columns:\n  a: {type: boolean, values: [true]}\n", "a column of the type boolean has no `values`")]
    [InlineData("columns:\n  a: {type: number, min: low}\n", "s.yaml:2: `min` must be a number, not `low`")]
    [InlineData("columns:\n  a: {type: date, min: 1/2/2020}\n", "`min` of a date must be one, such as 2020-01-31, not `1/2/2020`")]
    [InlineData("columns:\n  a: {type: number, min: 3, max: 2}\n", "allows no value at all")]
    [InlineData("columns:\n  a: {type: number, missing: 5}\n", "`missing` is a share from 0 to 1")]
    [InlineData("columns:\n  a: {type: integer, values: [one]}\n", "`one` is no integer")]
    [InlineData("columns:\n  a: {type: string, pattern: '('}\n", "`pattern` cannot be used")]
    [InlineData("columns:\n  a: {type: string, pattern: '(?=a)b'}\n", "look-around")]
    [InlineData("columns:\n  a: {type: string, length: {min: 3, max: 2}}\n", "allows no text at all")]
    [InlineData("columns:\n  a: {type: datetime, step: hourly}\n", "`step` of a datetime is a span of time such as 15m")]
    [InlineData("columns:\n  a: {type: number, order: up}\n", "`order` must be one of increasing, non-decreasing, decreasing, non-increasing, not `up`")]
    [InlineData("columns:\n  a: {type: number, unique: maybe}\n", "`unique` must be true or false, not `maybe`")]
    [InlineData("extra_columns: sometimes\ncolumns: {a: number}\n", "`extra_columns` must be allow or forbid, not `sometimes`")]
    [InlineData("unique: [a, b]\ncolumns: {a: number}\n", "`unique` names the column `b`, which does not stand below `columns`")]
    [InlineData("forbidden: [a]\ncolumns: {a: number}\n", "the column `a` is forbidden, but stands below `columns` too")]
    [InlineData("rows: {min: 5, max: 2}\ncolumns: {a: number}\n", "`rows` allows no number of rows at all")]
    [InlineData("drift: {level: 1}\ncolumns: {a: number}\n", "`level` is the chance of a false alarm")]
    [InlineData("drift: {distanse: 0.1}\ncolumns: {a: number}\n", "`drift` has no key `distanse`; did you mean `distance`?")]
    [InlineData("drift: {block: 0}\ncolumns: {a: number}\n", "`block` must be a whole number from 1")]
    [InlineData("columns: {a: number\n", "not valid YAML")]
    public void A_wrong_schema_is_named_with_its_line(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<EvaluationException>(() => DataSchemaFile.Read(yaml, "s.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_rule_of_a_columns_own_name_goes_before_a_pattern()
    {
        var schema = DataSchemaFile.Read("columns:\n  lag_*: number\n  lag_24: integer\n  '*': string\n", "s.yaml");
        Assert.Equal(ColumnType.Whole, schema.RuleOf("lag_24")!.Type);
        Assert.Equal(ColumnType.Number, schema.RuleOf("lag_25")!.Type);
        Assert.Equal(ColumnType.Text, schema.RuleOf("time")!.Type);
    }

    [Fact]
    public void Times_keys_and_unique_columns_are_not_compared_with_a_reference_unless_asked()
    {
        var schema = DataSchemaFile.Read("columns: {t: datetime, n: number, i: {type: integer, unique: true}, o: {type: number, order: increasing}, d: {type: date, drift: true}, x: {type: number, drift: false}, y: {type: number, drift: {distance: 0.3}}}", "s.yaml");
        Assert.Equal(["n", "d", "y"], schema.Columns.Where(c => c.TestsDrift).Select(c => c.Name));
        Assert.Equal(0.3, schema.Columns[^1].DriftDistance);
    }
}
