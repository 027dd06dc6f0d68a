using Ci.Data;
using Ci.Pipelines.Experiments;

namespace Ci.Pipelines.Tests.Experiments;

public sealed class OverrideTests
{
    [Theory]
    [InlineData("a=1", "params.yaml", "Set", "a", "1")]
    [InlineData("train.lr=1e-3", "params.yaml", "Set", "train.lr", "0.001")]
    [InlineData("other.json:a.b=true", "other.json", "Set", "a.b", "true")]
    [InlineData("+new=x", "params.yaml", "Add", "new", "\"x\"")]
    [InlineData("++new=x", "params.yaml", "SetOrAdd", "new", "\"x\"")]
    [InlineData("~old", "params.yaml", "Remove", "old", "null")]
    [InlineData("p.yaml:~old.key", "p.yaml", "Remove", "old.key", "null")]
    [InlineData("layers[0].units=64", "params.yaml", "Set", "layers.0.units", "64")]
    [InlineData("a=[1,two,[3.5]]", "params.yaml", "Set", "a", "[1, \"two\", [3.5]]")]
    [InlineData("a={x:1,'y z':[false]}", "params.yaml", "Set", "a", "{\"x\": 1, \"y z\": [false]}")]
    [InlineData("a='1,2'", "params.yaml", "Set", "a", "\"1,2\"")]
    [InlineData("a=\"it's\"", "params.yaml", "Set", "a", "\"it's\"")]
    [InlineData("a='3'", "params.yaml", "Set", "a", "\"3\"")]
    [InlineData(@"a=1\,2", "params.yaml", "Set", "a", "\"1,2\"")]
    [InlineData("url=s3://bucket/key=1", "params.yaml", "Set", "url", "\"s3://bucket/key=1\"")]
    [InlineData("a=", "params.yaml", "Set", "a", "\"\"")]
    [InlineData("a=null", "params.yaml", "Set", "a", "null")]
    [InlineData("a=123456789012345678901234567890", "params.yaml", "Set", "a", "123456789012345678901234567890")]
    [InlineData("a=Infinity", "params.yaml", "Set", "a", "\"Infinity\"")]
    public void One_value_is_read_as_Hydra_reads_it(string text, string file, string kind, string key, string json)
    {
        var read = Read(text);
        Assert.True(read.IsSettled);
        Assert.Equal((file, kind, key, json), (read.File, read.Kind.ToString(), read.Key, PythonText.Json(read.Settled.Value)));
        // What a plan writes down is read back as the same change.
        Assert.Equal(json, PythonText.Json(Read(read.Settled.ToString()).Settled.Value));
    }

    [Theory]
    [InlineData("a=1,2,3", "[1, 2, 3]")]
    [InlineData("a=adam, sgd", "[\"adam\", \"sgd\"]")]
    [InlineData("a=choice(x)", "[\"x\"]")]
    [InlineData("a=choice(1,'b c',[2])", "[1, \"b c\", [2]]")]
    [InlineData("a=range(3)", "[0, 1, 2]")]
    [InlineData("a=range(5,1,-2)", "[5, 3]")]
    [InlineData("a=range(0,0.5,0.1)", "[0.0, 0.1, 0.2, 0.3, 0.4]")]
    [InlineData("a=[1,2],[3]", "[[1, 2], [3]]")]
    public void Several_values_are_choices(string text, string json)
    {
        var read = Read(text);
        Assert.False(read.IsSettled);
        Assert.Equal(json, PythonText.Json(((Choices)read.Range).Values));
    }

    [Fact]
    public void Distributions_turn_even_places_into_their_own_density()
    {
        Assert.Equal(0.01, (double)Read("a=loguniform(1e-4,1)").Range.At(0.5)!, 6);
        Assert.Equal(15.0, Read("a=uniform(10,20)").Range.At(0.5));
        var whole = Read("a=randint(2,4)").Range;
        Assert.Equal([2L, 3L, 4L, 4L], new object?[] { whole.At(0), whole.At(0.34), whole.At(0.67), whole.At(0.999999) }.Cast<long>());
    }

    [Theory]
    [InlineData("a", "expected KEY=VALUE")]
    [InlineData("=1", "is no key")]
    [InlineData("a..b=1", "is no key")]
    [InlineData("a=[1,2", "at character")]
    [InlineData("a='x", "not closed")]
    [InlineData("a={x 1}", "expected `:`")]
    [InlineData("a=uniform(2,1)", "the smaller first")]
    [InlineData("a=loguniform(0,1)", "above 0")]
    [InlineData("a=randint(1.5,2)", "whole numbers")]
    [InlineData("a=range(0,1,0)", "step that is not 0")]
    [InlineData("a=range(1,0)", "holds nothing")]
    [InlineData("a=range(0,1e9)", "more than 10,000")]
    [InlineData("a=choice(1,2", "expected `,` or `)`")]
    [InlineData("a=range(0,1)x", "too much")]
    public void What_cannot_be_read_is_shown_with_its_place(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<PipelineException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_deeply_nested_value_is_refused_and_not_a_stack_overflow() =>
        Assert.Contains("nested too deeply", Assert.Throws<PipelineException>(() => Read("a=" + new string('[', 50_000))).Message, StringComparison.Ordinal);

    private static SweptOverride Read(string text) => OverrideReader.Read(text, file => file);
}
