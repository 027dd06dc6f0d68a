using Ci.Testing;

namespace Ci.Evaluation.Tests;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("wine.csv.gz", "wine-rfc-base.onnx", Tasks.Multiclass)]
    [InlineData("breast_cancer.csv.gz", "breast-mlp-base.onnx", Tasks.Binary)]
    public void What_is_written_fits_its_schema(string table, string model, string task)
    {
        using var folder = new TemporaryFolder();
        folder.Write("test.csv", Fixtures.Rows(table, "test"));
        folder.Write("train.csv", Fixtures.Rows(table, "train"));
        var settings = new EvaluationSettings { Target = "target", Task = task };
        Fixtures.Evaluate(Fixtures.Request(folder, Fixtures.Path("models", model), settings, training: "train.csv"));
        Comparer.Run(new CompareRequest
        {
            Folder = folder.Path,
            CandidatePath = "evaluation.json",
            Gates = GateFile.Read("gates: [{metric: accuracy, rule: min, limit: 0.5}, {metric: accuracy, rule: better}]", "gates.yaml"),
            OutPath = "verdict.json",
        });
        Assert.Equal("", JsonSchemas.Problems(Schema("evaluation"), folder.Of("evaluation.json")));
        Assert.Equal("", JsonSchemas.Problems(Schema("verdict"), folder.Of("verdict.json")));

        var other = folder.Write("other.json", File.ReadAllText(folder.Of("verdict.json")).Replace("\"pass\"", "\"fine\"", StringComparison.Ordinal));
        Assert.NotEqual("", JsonSchemas.Problems(Schema("verdict"), other));
    }

    private static string Schema(string name) => RepositoryRoot.At("docs", "protocol", "schemas", $"{name}.schema.json");
}
