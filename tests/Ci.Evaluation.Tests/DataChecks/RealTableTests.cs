using System.Globalization;
using System.IO.Compression;
using Ci.Testing;

namespace Ci.Evaluation.Tests.DataChecks;

public sealed class RealTableTests
{
    [Fact]
    public void The_spring_of_2020_is_not_the_spring_of_the_years_before()
    {
        using var folder = new CheckFolder();
        // The same weeks of the year, so that the season explains nothing; a day's hours count as one row, for they resemble each other.
        folder.With("before.csv", Load(time => time is { Year: 2018 or 2019, Month: 3 or 4 })).With("spring.csv", Load(time => time is { Year: 2020, Month: 3 or 4 }))
            .With("schema.yaml", "drift: {block: 12}\ncolumns:\n  start: {type: datetime, unique: true, order: increasing}\n  load: {type: number, min: 10000, max: 65000}\n");
        var drift = Assert.Single(folder.Check("spring.csv", reference: "before.csv").Drift);
        Assert.Equal(CheckOutcome.Fail, drift.Outcome);
        Assert.True(drift.Distance > 0.25);
        Assert.True(drift.Value < drift.ReferenceValue - 3_000);
    }

    [Fact]
    public void Another_year_before_is_no_drift()
    {
        using var folder = new CheckFolder();
        folder.With("before.csv", Load(time => time is { Year: 2017, Month: 3 or 4 or 5 })).With("spring.csv", Load(time => time is { Year: 2018, Month: 3 or 4 or 5 }))
            .With("schema.yaml", "drift: {distance: 0.25}\ncolumns:\n  start: datetime\n  load: number\n");
        Assert.NotEqual(CheckOutcome.Fail, folder.Check("spring.csv", reference: "before.csv").Outcome);
    }

    [Theory]
    [InlineData("wine.csv.gz")]
    [InlineData("breast_cancer.csv.gz")]
    public void A_table_keeps_the_schema_that_was_begun_from_it(string name)
    {
        using var folder = new CheckFolder();
        File.Copy(Fixtures.Path("tables", name), folder.Of(name));
        var yaml = SchemaInference.Write(name, folder.Of(name));
        var check = folder.With("schema.yaml", yaml).Check(name);
        Assert.Equal((CheckOutcome.Pass, "", 0), (check.Outcome, string.Join(',', check.Breaches.Select(b => $"{b.Column} {b.Rule}")), check.MoreBreaches));
        Assert.Equal(DataSchemaFile.Read(yaml, "schema.yaml").Columns.Count, check.Data.Columns);
        Assert.Equal(check.ToBytes(), folder.Check(name).ToBytes());
    }

    [Fact]
    public void The_rows_that_a_random_split_keeps_back_have_not_drifted_from_the_others()
    {
        using var folder = new CheckFolder();
        folder.With("train.csv", Fixtures.Rows("breast_cancer.csv.gz", "train")).With("test.csv", Fixtures.Rows("breast_cancer.csv.gz", "test"));
        var check = folder.Check("test.csv", schema: null, reference: "train.csv");
        Assert.Empty(check.Breaches);
        Assert.DoesNotContain(check.Drift, d => d.Outcome == CheckOutcome.Fail);
    }

    // The electricity load of Italy, as the template has it.
    private static string Load(Func<DateTimeOffset, bool> wanted)
    {
        using var gzip = new GZipStream(File.OpenRead(RepositoryRoot.At("templates", "energy-load", "data", "it-load-hourly.csv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','));
        return "start,load\n" + string.Concat(lines.Where(cells => wanted(DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture))).Select(cells => $"{cells[0]},{cells[2]}\n"));
    }
}
