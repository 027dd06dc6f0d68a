namespace Ci.Evaluation.Tests;

/// <summary>A document written by another program may leave out whatever the schema does not require.</summary>
public sealed class AbsentFieldTests
{
    [Fact]
    public void Fields_that_are_not_there_have_their_defaults()
    {
        var digest = new string('a', 64);
        var evaluation = ModelEvaluation.Read(System.Text.Encoding.UTF8.GetBytes($$"""
            {"schema":"mlops.evaluation/v1","task":"regression","target":"y","future":1,
             "model":{"name":"m","path":"m.onnx","sha256":"{{digest}}","bytes":1},
             "data":{"path":"d.csv","sha256":"{{digest}}","rows":5},
             "metrics":[{"name":"rmse","value":1}]}
            """));
        Assert.Equal(("", "", ""), (evaluation.Unit, evaluation.Metrics[0].Unit, evaluation.Data.Split));
        Assert.Empty(evaluation.Slices);
        Assert.Empty(evaluation.TrainingMetrics);
        Assert.Empty(evaluation.Classes);
        Assert.Empty(evaluation.Model.Opsets);
        Assert.Empty(evaluation.Model.Inputs);
        Assert.Equal("", evaluation.Model.Producer);

        var verdict = Verdict.Read(System.Text.Encoding.UTF8.GetBytes($$"""
            {"schema":"mlops.verdict/v1","outcome":"pass",
             "candidate":{"name":"m","sha256":"{{digest}}","evaluationSha256":"{{digest}}"},
             "gates":[{"name":"g","metric":"rmse","rule":"at most 1","outcome":"pass","reason":"it is"}]}
            """));
        Assert.True(verdict.Gates[0].Applies);
        Assert.Equal("", verdict.Gates[0].Unit);
    }

    [Theory]
    [InlineData("\"metrics\":[null]")]
    [InlineData("\"metrics\":null")]
    [InlineData("\"metrics\":[{\"name\":\"rmse\",\"value\":1}],\"slices\":[null]")]
    [InlineData("\"metrics\":[{\"name\":\"rmse\",\"value\":1}],\"slices\":[{\"name\":\"a\",\"rows\":1,\"metrics\":[null]}]")]
    public void Null_where_something_must_be_is_refused(string fields)
    {
        var digest = new string('a', 64);
        var json = $$"""
            {"schema":"mlops.evaluation/v1","task":"regression","target":"y",{{fields}},
             "model":{"name":"m","path":"m.onnx","sha256":"{{digest}}","bytes":1},"data":{"path":"d.csv","sha256":"{{digest}}","rows":5} }
            """;
        Assert.Throws<EvaluationException>(() => ModelEvaluation.Read(System.Text.Encoding.UTF8.GetBytes(json)));
    }
}
