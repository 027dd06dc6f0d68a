using Ci.Testing;

namespace Ci.Evaluation.Tests.Splits;

public sealed class EvaluatedSplitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SplitRecord split;

    public EvaluatedSplitTests()
    {
        this.folder.Write("wine.csv", Fixtures.Rows("wine.csv.gz", "train") + Fixtures.Rows("wine.csv.gz", "test").Split('\n', 2)[1]);
        this.split = Splitter.Run(new SplitRequest
        {
            Folder = this.folder.Path, DataPath = "wine.csv", OutPath = ".", Kind = SplitKind.Stratified, Column = "target", Parts = SplitRequest.ReadParts("train=0.7,test=0.3"), Seed = 42, Version = "1.2.3",
        });
    }

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void An_evaluation_says_how_its_rows_were_parted()
    {
        var evaluation = Fixtures.Evaluate(this.Request());
        Assert.Equal("stratified by target, seed 42", evaluation.Data.Split);
        Assert.Equal(this.split.Parts.Single(part => part.Name == "test").Sha256, evaluation.Data.Sha256);
        Assert.Equal(0, evaluation.Data.RowsAlsoInTraining);
    }

    [Theory]
    [InlineData("test.csv")]
    [InlineData("train.csv")]
    public void A_table_that_is_no_part_of_the_split_is_refused_and_nothing_is_written(string changed)
    {
        File.AppendAllText(this.folder.Of(changed), File.ReadAllText(this.folder.Of(changed)).Split('\n')[1] + "\n");
        var error = Assert.Throws<EvaluationException>(() => Fixtures.Evaluate(this.Request()));
        Assert.Contains($"{changed}: it is no part of the split of wine.csv (parts: train.csv, test.csv)", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(this.folder.Of("evaluation.json")));
    }

    private EvaluationRequest Request() => Fixtures.Request(
        this.folder, Fixtures.Path("models", "wine-rfc-base.onnx"), new EvaluationSettings { Target = "target", Task = Tasks.Multiclass }, training: "train.csv") with { Split = this.split };
}
