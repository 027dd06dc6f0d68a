using System.Globalization;
using System.Text;

namespace Ci.Evaluation.Tests.DataChecks;

public sealed class DriftTests
{
    private const string Schema = "drift: {level: 0.05, distance: 0.1}\ncolumns: {x: number, y: integer, c: category}\n";

    [Fact]
    public void Where_nothing_has_drifted_alarms_are_as_rare_as_the_level_says()
    {
        // Without an effect size, so that only the tests and their correction speak. Three tests a round share a level of 5 %.
        var random = new Random(41);
        var alarms = 0;
        for (var round = 0; round < 200; round++)
        {
            using var folder = new CheckFolder();
            folder.With("schema.yaml", Schema.Replace("distance: 0.1", "distance: 0", StringComparison.Ordinal)).With("ref.csv", Table(random, 400)).With("data.csv", Table(random, 250));
            alarms += folder.Check(reference: "ref.csv").Outcome == CheckOutcome.Fail ? 1 : 0;
        }

        Assert.InRange(alarms, 1, 19);
    }

    [Fact]
    public void A_column_that_moved_is_found_and_its_neighbours_are_not()
    {
        using var folder = new CheckFolder();
        var check = folder.With("schema.yaml", Schema).With("ref.csv", Table(new Random(1), 2_000)).With("data.csv", Table(new Random(2), 2_000, shift: 0.5)).Check(reference: "ref.csv");
        Assert.Equal(CheckOutcome.Fail, check.Outcome);
        var moved = Assert.Single(check.Drift, d => d.Outcome == CheckOutcome.Fail);
        Assert.Equal(("x", "Kolmogorov–Smirnov"), (moved.Column, moved.Test));
        Assert.InRange(moved.Distance, 0.15, 0.25); // 2·Φ(0.25) − 1 = 0.197
        Assert.True(moved.AdjustedP < 1e-6);
        Assert.InRange(moved.Value!.Value - moved.ReferenceValue!.Value, 0.4, 0.6);
        Assert.Contains("lies elsewhere", moved.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_category_that_is_new_and_one_that_faded_are_found()
    {
        using var folder = new CheckFolder();
        folder.With("schema.yaml", "columns: {c: category}\n").With("ref.csv", "c\n" + string.Concat(Enumerable.Range(0, 900).Select(i => i % 3 == 0 ? "a\n" : "b\n")))
            .With("data.csv", "c\n" + string.Concat(Enumerable.Range(0, 900).Select(i => (i % 3) switch { 0 => "a\n", 1 => "b\n", _ => "zebra\n" })));
        var drift = Assert.Single(folder.Check(reference: "ref.csv").Drift);
        Assert.Equal((CheckOutcome.Fail, "chi-square"), (drift.Outcome, drift.Test));
        Assert.Equal(1 / 3.0, drift.Distance, 1e-6);
        Assert.Equal(["zebra"], drift.NewValues);
    }

    [Fact]
    public void A_change_that_is_real_but_small_does_not_alarm_however_many_rows_show_it()
    {
        using var folder = new CheckFolder();
        var check = folder.With("schema.yaml", Schema).With("ref.csv", Table(new Random(1), 60_000)).With("data.csv", Table(new Random(2), 60_000, shift: 0.06)).Check(reference: "ref.csv");
        var x = check.Drift.Single(d => d.Column == "x");
        Assert.Equal((CheckOutcome.Pass, CheckOutcome.Pass), (check.Outcome, x.Outcome));
        Assert.True(x.AdjustedP < 0.001);
        Assert.Contains("real, but less than the limit of 10 %", x.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_rows_are_inconclusive_and_never_a_pass()
    {
        using var folder = new CheckFolder();
        var check = folder.With("schema.yaml", Schema).With("ref.csv", Table(new Random(1), 60)).With("data.csv", Table(new Random(2), 40)).Check(reference: "ref.csv");
        Assert.Equal(CheckOutcome.Inconclusive, check.Outcome);
        Assert.All(check.Drift, d => Assert.Equal(CheckOutcome.Inconclusive, d.Outcome));
        Assert.All(check.Drift, d => Assert.Contains("too few rows: only a distance of", d.Reason, StringComparison.Ordinal));

        // So few that no category can be told from another.
        Assert.Equal(CheckOutcome.Inconclusive, folder.With("data.csv", "x,y,c\n1,2,a\n").Check(reference: "ref.csv").Outcome);
    }

    [Fact]
    public void Cells_that_went_missing_are_found()
    {
        using var folder = new CheckFolder();
        folder.With("ref.csv", "x,k\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},\n")))
            .With("data.csv", "x,k\n" + string.Concat(Enumerable.Range(0, 500).Select(i => i % 5 == 0 ? ",\n" : $"{i},\n")));
        folder.With("schema.yaml", "extra_columns: allow\ncolumns: {x: {type: number, missing: 1}}\n");
        var check = folder.Check(reference: "ref.csv");
        var missing = Assert.Single(check.Drift, d => d.Outcome == CheckOutcome.Fail);
        Assert.Equal("missing", missing.Subject);
        Assert.Equal((0.2, 0.0), (missing.Value, missing.ReferenceValue));
        Assert.Equal(0.2, missing.Distance, 1e-12);
    }

    [Fact]
    public void Rows_that_resemble_their_neighbours_do_not_raise_false_alarms()
    {
        // AR(0.9): nineteen rows tell as much as one. Taken as independent they would alarm nearly every time.
        var random = new Random(77);
        var (measured, believed) = (0, 0);
        for (var round = 0; round < 60; round++)
        {
            using var folder = new CheckFolder();
            folder.With("ref.csv", Series(random, 3_000)).With("data.csv", Series(random, 2_000));
            folder.With("schema.yaml", "drift: {level: 0.05, distance: 0}\ncolumns: {x: number}\n");
            measured += folder.Check(reference: "ref.csv").Outcome == CheckOutcome.Fail ? 1 : 0;
            folder.With("schema.yaml", "drift: {level: 0.05, distance: 0, block: 1}\ncolumns: {x: number}\n");
            believed += folder.Check(reference: "ref.csv").Outcome == CheckOutcome.Fail ? 1 : 0;
        }

        Assert.InRange(measured, 0, 7);
        Assert.True(believed > 25, $"{believed} of 60");
    }

    [Fact]
    public void Without_a_schema_types_come_from_the_reference_and_columns_that_lack_are_told()
    {
        using var folder = new CheckFolder();
        folder.With("ref.csv", Table(new Random(1), 1_000)).With("data.csv", Table(new Random(2), 1_000, shift: 1));
        var check = folder.Check(schema: null, reference: "ref.csv");
        Assert.Null(check.Against);
        Assert.Equal(["x"], check.Drift.Where(d => d.Outcome == CheckOutcome.Fail).Select(d => d.Column));
        folder.With("data.csv", "x,c\n1,a\nmany,b\n");
        Assert.Equal([("y", "required"), ("x", "type")], folder.Check(schema: null, reference: "ref.csv").Breaches.Select(b => (b.Column, b.Rule)));
    }

    [Fact]
    public void A_column_far_from_zero_is_measured_as_well_as_one_near_it()
    {
        using var folder = new CheckFolder();
        var (a, b) = (Table(new Random(1), 2_000), Table(new Random(2), 2_000, shift: 0.5));
        var near = folder.With("schema.yaml", Schema).With("ref.csv", a).With("data.csv", b).Check(reference: "ref.csv").Drift.Single(d => d.Column == "x");
        var far = folder.With("ref.csv", Lift(a)).With("data.csv", Lift(b)).Check(reference: "ref.csv").Drift.Single(d => d.Column == "x");
        Assert.Equal(near.Distance, far.Distance, 1e-9);
    }

    private static string Lift(string table) => string.Join('\n', table.TrimEnd('\n').Split('\n').Select((line, i) =>
        i == 0 ? line : string.Create(CultureInfo.InvariantCulture, $"{1_000_000 + double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)},{line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]}"))) + "\n";

    private static string Table(Random random, int rows, double shift = 0)
    {
        var text = new StringBuilder("x,y,c\n");
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{Normal(random) + shift:R},{random.Next(5)},{"abc"[random.Next(3)]}\n");
        return text.ToString();
    }

    private static string Series(Random random, int rows)
    {
        var text = new StringBuilder("x\n");
        var last = Normal(random);
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{last:R}\n");
            last = (0.9 * last) + (Math.Sqrt(1 - 0.81) * Normal(random));
        }

        return text.ToString();
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
