using System.Globalization;
using System.Text;
using Ci.Testing;

namespace Ci.Evaluation.Tests.DataChecks;

public sealed class DataCheckDocumentTests
{
    [Fact]
    public void What_is_written_is_the_approved_document_and_fits_its_schema()
    {
        using var folder = Sample();
        var bytes = folder.Check(reference: "ref.csv").ToBytes();
        var approved = RepositoryRoot.At("tests", "Fixtures", "data-checks", "data-check.json");
        if (!File.Exists(approved) || !File.ReadAllBytes(approved).AsSpan().SequenceEqual(bytes))
        {
            File.WriteAllBytes(Path.ChangeExtension(approved, ".received.json"), bytes);
            Assert.Fail($"{approved} is not what came out; compare with data-check.received.json beside it and move it over if it is right");
        }

        Assert.Equal("", JsonSchemas.Problems(Schema("data-check"), approved));
        var other = folder.With("other.json", Encoding.UTF8.GetString(bytes).Replace("\"fail\"", "\"regress\"", StringComparison.Ordinal)).Of("other.json");
        Assert.NotEqual("", JsonSchemas.Problems(Schema("data-check"), other));
        Assert.Equal(bytes, DataCheck.Read(bytes).ToBytes());
    }

    [Fact]
    public void A_damaged_document_is_read_or_refused()
    {
        using var folder = Sample();
        DocumentDamage.Check<EvaluationException>(folder.Check(reference: "ref.csv").ToBytes(), json =>
        {
            var check = DataCheck.Read(json);
            check.ToBytes();
            DataCheckMetrics.Of(check);
        });
    }

    [Fact]
    public void An_outcome_that_its_findings_do_not_bear_is_refused()
    {
        using var folder = Sample();
        var text = Encoding.UTF8.GetString(folder.Check().ToBytes());
        var error = Assert.Throws<EvaluationException>(() => DataCheck.Read(Encoding.UTF8.GetBytes(text.Replace("\"outcome\": \"fail\"", "\"outcome\": \"pass\"", StringComparison.Ordinal))));
        Assert.Contains("its outcome is pass, but its findings together say fail", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_the_protocol_page_is_a_schema()
    {
        var page = File.ReadAllText(RepositoryRoot.At("docs", "protocol", "data-schema.md"));
        var yaml = page.Split("```yaml\n")[1].Split("```")[0];
        var schema = DataSchemaFile.Read(yaml, "data-schema.md");
        Assert.True(schema.Columns.Count >= 6);
        using var folder = new TemporaryFolder();
        var document = folder.Write("schema.json", YamlAsJson.Of(yaml));
        Assert.Equal("", JsonSchemas.Problems(Schema("data-schema"), document));
        Assert.NotEqual("", JsonSchemas.Problems(Schema("data-schema"), folder.Write("wrong.json", YamlAsJson.Of(yaml.Replace("type: datetime", "type: when", StringComparison.Ordinal)))));
    }

    [Fact]
    public void A_schema_that_was_begun_from_a_table_fits_its_schema_too()
    {
        using var folder = new TemporaryFolder();
        var yaml = SchemaInference.Write("wine.csv.gz", Fixtures.Path("tables", "wine.csv.gz"));
        Assert.Equal("", JsonSchemas.Problems(Schema("data-schema"), folder.Write("schema.json", YamlAsJson.Of(yaml))));
    }

    private static CheckFolder Sample() => new CheckFolder()
        .With("schema.yaml", "rows: {min: 500}\nunique: [station, time]\ncolumns:\n  time: {type: datetime, min: 2020-01-01}\n  station: {type: category, values: [north, south]}\n  load: {type: number, min: 0, max: 180}\n")
        .With("ref.csv", Table(1, 600, 0, "north"))
        .With("data.csv", Table(2, 400, 60, "west"));

    private static string Table(int seed, int rows, double shift, string third)
    {
        var random = new Random(seed);
        var text = new StringBuilder("time,station,load\n");
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{Time(i)},{Station(random, third)},{(random.Next(20) == 0 ? "" : $"{(random.NextDouble() * 100) + shift:0.0}")}\n");
        return text.ToString();
    }

    private static string Station(Random random, string third) => random.Next(3) switch { 0 => "north", 1 => "south", _ => third };

    private static string Time(int row) => $"2020-01-{1 + (row / 2 % 28):00}T{row / 56 % 24:00}:00:00Z";

    private static string Schema(string name) => RepositoryRoot.At("docs", "protocol", "schemas", $"{name}.schema.json");
}
