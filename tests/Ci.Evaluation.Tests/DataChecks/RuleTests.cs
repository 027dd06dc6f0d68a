namespace Ci.Evaluation.Tests.DataChecks;

public sealed class RuleTests
{
    [Theory]
    [InlineData("type: integer", "1", "-2", "3.0", "1e3")]
    [InlineData("type: number", "1", "-2.5", "1e-3", "+7")]
    [InlineData("type: boolean", "true", "False", "1", "0")]
    [InlineData("type: date", "2020-02-29")]
    [InlineData("type: datetime", "2020-02-29", "2020-02-29T10:00:00Z", "2020-02-29 10:00:00+01:00")]
    [InlineData("type: category, values: [north, \"south, east\"]", "north", "\"south, east\"")]
    [InlineData("type: integer, values: [0, 1]", "0", "1", "1.0")]
    [InlineData("type: number, min: 0, max: 1", "0", "1", "0.5")]
    [InlineData("type: number, above: 0, below: 1", "0.001", "0.999")]
    [InlineData("type: datetime, min: 2020-01-01, below: 2021-01-01", "2020-01-01", "2020-12-31T23:59:59Z")]
    [InlineData("type: string, pattern: '[A-Z]{2}\\d+'", "AB1", "CD22")]
    [InlineData("type: string, length: {min: 1, max: 2}", "éé", "😀")]
    [InlineData("type: string, missing: 0.5", "a", "")]
    [InlineData("type: number, missing: 0.5", "1", "NaN")]
    [InlineData("type: integer, unique: true", "1", "2", "3")]
    [InlineData("type: integer, order: increasing", "1", "2", "3")]
    [InlineData("type: integer, order: non-decreasing", "1", "1", "3")]
    [InlineData("type: datetime, order: increasing, step: 1h", "2020-01-01T00:00", "2020-01-01T01:00", "2020-01-01T02:00")]
    [InlineData("type: number, step: 0.1", "0.1", "0.2", "0.30000000000000004")]
    [InlineData("type: number, constant: forbid", "1", "2")]
    public void What_keeps_the_rule_passes(string rule, params string[] cells)
    {
        var check = CheckFolder.Check(rule, cells);
        Assert.Empty(check.Breaches);
        Assert.Equal(CheckOutcome.Pass, check.Outcome);
    }

    [Theory]
    [InlineData("type: integer", "type", "1.5")]
    [InlineData("type: number", "type", "many")]
    [InlineData("type: number", "type", "1e999")]
    [InlineData("type: boolean", "type", "yes")]
    [InlineData("type: date", "type", "2020-01-01T00:00")]
    [InlineData("type: datetime", "type", "01/02/2020")]
    [InlineData("type: category, values: [1, 2]", "values", "3")]
    [InlineData("type: integer, values: [1, 2]", "values", "3")]
    [InlineData("type: number, min: 1", "min", "0.999")]
    [InlineData("type: number, max: 1", "max", "1.001")]
    [InlineData("type: number, above: 1", "above", "1")]
    [InlineData("type: number, below: 1", "below", "1")]
    [InlineData("type: date, max: 2020-01-31", "max", "2020-02-01")]
    [InlineData("type: string, pattern: 'a+'", "pattern", "aab")]
    [InlineData("type: string, length: {max: 2}", "length", "abc")]
    public void What_breaks_it_is_told_with_line_and_example(string rule, string name, string bad)
    {
        var good = rule switch
        {
            _ when rule.Contains("date", StringComparison.Ordinal) => "2020-01-01",
            _ when rule.Contains("'a+'", StringComparison.Ordinal) => "aa",
            _ when rule.Contains("above", StringComparison.Ordinal) => "2",
            _ when rule.Contains("below", StringComparison.Ordinal) => "0",
            _ => "1",
        };
        var breach = CheckFolder.Breach(rule, good, bad, good, bad);
        Assert.Equal(("c", name, 2L, 0.5), (breach.Column, breach.Rule, breach.Count, breach.Share));
        Assert.Equal([3, 5], breach.Lines);
        Assert.Equal([bad], breach.Examples);
    }

    [Fact]
    public void Missing_cells_break_the_share_that_is_allowed()
    {
        var breach = CheckFolder.Breach("type: number, missing: 0.25", "1", "", "nan", "4");
        Assert.Equal(("missing", 2L, "at most 25 % of the cells missing"), (breach.Rule, breach.Count, breach.Expected));
        Assert.Equal([3, 4], breach.Lines);
    }

    [Fact]
    public void Marks_of_missing_cells_are_the_schemas()
    {
        using var folder = new CheckFolder();
        var check = folder.With("data.csv", "c\n1\n-999\nNA\n").With("schema.yaml", "missing: [NA, -999]\ncolumns: {c: {type: number, missing: 1, min: 0}}\n").Check();
        Assert.Equal((CheckOutcome.Pass, 2L), (check.Outcome, check.Columns[0].Missing));
    }

    [Fact]
    public void A_value_that_stands_twice_is_found_and_shown()
    {
        var breach = CheckFolder.Breach("type: integer, unique: true", "7", "1", "1.0", "7", "7");
        Assert.Equal(("unique", 3L), (breach.Rule, breach.Count));
        Assert.Equal([4, 5, 6], breach.Lines);
        Assert.Equal(["1.0", "7"], breach.Examples);
    }

    [Fact]
    public void A_key_over_columns_must_be_unique_as_a_whole()
    {
        using var folder = new CheckFolder();
        folder.With("schema.yaml", "unique: [station, hour]\ncolumns: {station: category, hour: integer}\n");
        Assert.DoesNotContain(folder.With("data.csv", "station,hour\na,1\na,2\nb,1\na1,\n,1\n").Check().Breaches, b => b.Rule == "unique");
        var breach = Assert.Single(folder.With("data.csv", "station,hour\na,1\na,2\na,1\n").Check().Breaches);
        Assert.Equal(("station, hour", 1L), (breach.Column, breach.Count));
        Assert.Equal([4], breach.Lines);
        Assert.Equal(["a, 1"], breach.Examples);
    }

    [Fact]
    public void Order_and_step_are_looked_at_from_row_to_row()
    {
        var check = CheckFolder.Check("type: datetime, order: increasing, step: 1h", "2020-01-01T00:00", "2020-01-01T01:00", "2020-01-01T03:00", "2020-01-01T02:00");
        Assert.Equal(["order", "step"], check.Breaches.Select(b => b.Rule));
        Assert.Equal([5], check.Breaches[0].Lines);
        Assert.Equal([4, 5], check.Breaches[1].Lines);
        Assert.Equal("1h more than the row before", check.Breaches[1].Expected);
    }

    [Fact]
    public void A_constant_column_is_told_where_that_is_forbidden() => Assert.Equal("constant", CheckFolder.Breach("type: number, constant: forbid", "5", "5.0").Rule);

    [Fact]
    public void Columns_that_lack_are_forbidden_or_unknown_are_told_with_near_names()
    {
        using var folder = new CheckFolder();
        folder.With("data.csv", "lod,ssn,lag_1,lag_2\n1,2,3,4\n").With("schema.yaml", "forbidden: [ss*]\ncolumns: {load: number, lag_*: {type: number, max: 3}, hint: {type: string, required: false}}\n");
        var check = folder.Check();
        Assert.Equal([("load", "required"), ("lod", "extra_columns"), ("ssn", "forbidden"), ("lag_2", "max")], check.Breaches.Select(b => (b.Column, b.Rule)));
        Assert.Equal(["lod"], check.Breaches[0].Examples);
        Assert.Equal(["load"], check.Breaches[1].Examples);
    }

    [Theory]
    [InlineData("{min: 3}", "at least 3 rows")]
    [InlineData("{max: 1}", "at most 1 rows")]
    public void The_number_of_rows_is_bounded(string rows, string expected)
    {
        using var folder = new CheckFolder();
        var breach = Assert.Single(folder.With("data.csv", "c\n1\n2\n").With("schema.yaml", $"rows: {rows}\ncolumns: {{c: number}}\n").Check().Breaches);
        Assert.Equal((null, "rows", expected, 2L), (breach.Column, breach.Rule, breach.Expected, breach.Count));
    }

    [Fact]
    public void Of_many_bad_rows_the_first_are_shown_and_all_are_counted()
    {
        var breach = CheckFolder.Breach("type: number, max: 0", [.. Enumerable.Range(1, 5_000).Select(i => $"{i}{new string('0', 100)}")]);
        Assert.Equal(5_000, breach.Count);
        Assert.Equal([2, 3, 4, 5, 6], breach.Lines);
        Assert.All(breach.Examples, example => Assert.Equal(81, example.Length));
        Assert.Equal(5, breach.Examples.Count);
    }
}
