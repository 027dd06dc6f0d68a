using System.Text;
using Ci.Pipelines.Experiments;

namespace Ci.Pipelines.Tests.Experiments;

public sealed class ParameterEditorTests
{
    private const string Yaml = """
        # how we train
        train:
          lr: 0.1      # the step
          "epochs": 3

          layers: [64, 32]   # units
          list:
          - 1
          - two: 2
          empty:
        kind: 'a'

        text: |
          several
          lines
        last: true

        """;

    [Theory]
    [InlineData("train.lr=0.05", "  lr: 0.1      # the step", "  lr: 0.05      # the step")]
    [InlineData("train.epochs=10", "  \"epochs\": 3", "  \"epochs\": 10")]
    [InlineData("train.layers=[8]", "  layers: [64, 32]   # units", "  layers: [8]   # units")]
    [InlineData("train.layers.1=16", "[64, 32]", "[64, 16]")]
    [InlineData("train.list.1.two=x", "  - two: 2", "  - two: x")]
    [InlineData("train.list=[5,6]", "  list:\n  - 1\n  - two: 2\n", "  list: [5, 6]\n")]
    [InlineData("train.empty=1", "  empty:\n", "  empty: 1\n")]
    [InlineData("train.empty=[]", "  empty:\n", "  empty: []\n")]
    [InlineData("kind=b", "kind: 'a'", "kind: 'b'")]
    [InlineData("kind='it\\'s: #1'", "kind: 'a'", "kind: 'it''s: #1'")]
    [InlineData("text=short", "text: |\n  several\n  lines\n", "text: short\n")]
    [InlineData("last='true'", "last: true", "last: 'true'")]
    [InlineData("last=null", "last: true", "last: null")]
    [InlineData("~kind", "kind: 'a'\n", "")]
    [InlineData("~train.list", "  list:\n  - 1\n  - two: 2\n", "")]
    [InlineData("~train.layers.0", "[64, 32]", "[32]")]
    [InlineData("+train.new=1", "  empty:\n", "  empty:\n  new: 1\n")]
    [InlineData("+train.deep.er=1", "  empty:\n", "  empty:\n  deep:\n    er: 1\n")]
    [InlineData("+top=x", "last: true\n", "last: true\ntop: x\n")]
    [InlineData("+train.empty.k=1", null, null)]
    public void A_yaml_file_changes_in_one_place_only(string set, string? before, string? after)
    {
        var changed = Apply("params.yaml", Yaml, set, out var rewritten);
        Assert.False(rewritten);
        if (before is not null)
            Assert.Equal(Yaml.Replace(before, after, StringComparison.Ordinal), changed);
        Assert.Contains("# how we train", changed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"a\": {\"b\": 1},\n  \"c\": [1, 2]\n}\n", "a.b=2", "{\n  \"a\": {\"b\": 2},\n  \"c\": [1, 2]\n}\n")]
    [InlineData("{\n  \"a\": {\"b\": 1}\n}\n", "+a.x=text", "{\n  \"a\": {\"b\": 1, \"x\": \"text\"}\n}\n")]
    [InlineData("{\n  \"a\": 1\n}\n", "+z=null", "{\n  \"a\": 1,\n  \"z\": null\n}\n")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "~a", "{\n  \"b\": 2\n}\n")]
    public void A_json_file_keeps_its_layout(string json, string set, string expected) => Assert.Equal(expected, Apply("p.json", json, set, out _));

    [Theory]
    [InlineData("lr = 0.1  # step\n[train]\nepochs = 3\nlayers = [1, 2] # two\n", "lr=0.2", "lr = 0.1  # step", "lr = 0.2  # step")]
    [InlineData("lr = 0.1\n[train]\nepochs = 3\nlayers = [1, 2] # two\n", "train.layers=[5]", "[1, 2] # two", "[5] # two")]
    [InlineData("[train]\nname = \"a # b\"\n", "train.name=c", "\"a # b\"", "\"c\"")]
    [InlineData("[train]\nepochs = 3\n", "+train.x=true", "epochs = 3\n", "epochs = 3\nx = true\n")]
    [InlineData("[train]\nepochs = 3\nx = 1\n", "~train.x", "x = 1\n", "")]
    public void A_toml_file_keeps_its_layout(string toml, string set, string before, string after) => Assert.Equal(toml.Replace(before, after, StringComparison.Ordinal), Apply("p.toml", toml, set, out _));

    [Fact]
    public void A_shared_value_is_not_changed_in_two_places()
    {
        // Both names stand for one node; a change in place would change the other one, so the file is written anew.
        var changed = Apply("params.yaml", "a: &shared\n  x: 1\nb: *shared\n", "b.x=2", out var rewritten);
        Assert.True(rewritten);
        Assert.Equal("a:\n  x: 1\nb:\n  x: 2\n", changed);
    }

    [Fact]
    public void Line_ends_of_Windows_stay() => Assert.Equal("a: 1\r\nb: 5\r\nc: 2\r\n", Apply("params.yaml", "a: 1\r\nb: 2\r\n", "b=5", out _, "+c=2"));

    [Fact]
    public void An_empty_file_takes_a_first_key() => Assert.Equal("# nothing yet\na:\n  b: 1\n", Apply("params.yaml", "# nothing yet\n", "+a.b=1", out _));

    [Theory]
    [InlineData("train.lrr=1", "did you mean `train.lr`")]
    [InlineData("train.lrr=1", "`-S +train.lrr=…`")]
    [InlineData("+train.lr=1", "is in params.yaml already")]
    [InlineData("~nope", "has no parameter `nope`")]
    [InlineData("+kind.x=1", "has no keys")]
    public void A_key_that_does_not_fit_is_told_with_what_was_meant(string set, string expected) =>
        Assert.Contains(expected, Assert.Throws<PipelineException>(() => Apply("params.yaml", Yaml, set, out _)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("`params.yaml` does not exist", Assert.Throws<PipelineException>(() => ParameterEditor.Apply("params.yaml", null, [Change("a=1")], out _)).Message, StringComparison.Ordinal);

    private static string Apply(string file, string text, string set, out bool rewritten, params string[] more) =>
        Encoding.UTF8.GetString(ParameterEditor.Apply(file, Encoding.UTF8.GetBytes(text), more.Prepend(set).Select(Change), out rewritten));

    private static ParameterOverride Change(string set) => OverrideReader.Read(set, file => file).Settled;
}
