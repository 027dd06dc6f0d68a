using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Pipelines.Parameters;
using Ci.Testing;

namespace Ci.Pipelines.Tests;

/// <summary>The readers of the room before files that nobody meant, and before what only Python knows.</summary>
public sealed class DvcReaderTests : IDisposable
{
    private const string Lock = "schema: '2.0'\nstages:\n  a:\n    cmd: echo > o\n    deps:\n    - path: i\n      hash: md5\n      md5: 9dd4e461268c8034f5c8564e155c67a6\n      size: 1\n    params:\n      params.yaml:\n        k: {a: [1, 2.5, \"x\\ty\"]}\n    outs:\n    - path: o\n      hash: md5\n      md5: 9dd4e461268c8034f5c8564e155c67a6\n      size: 1\n";
    private const string Pipeline = "vars:\n- x: {y: [1, 2]}\nstages:\n  a:\n    foreach: ${x.y}\n    do:\n      cmd: echo ${item} > o-${item}\n      params: [k.a]\n      outs:\n      - o-${item}:\n          cache: false\nplots:\n- p.csv: {x: a, y: b}\n";
    private const string Python = "A = 1\nB: float = -2.5e-3\nC = \"s\" 'x' \\\n  \"y\"\nD = [1,\n  \"a\", (3, 4), None, True]  # c\nclass Z(object):\n    a = 0x1F; b = 1_000\n    def __init__(self, q=1):\n        self.x = {'k': -1}\n        y = 6\nE = F = 3\nG = 1 + 2\nH = f'{A}'\nI = A\nif True:\n    J = 1\n";

    private const string Marks = "{}[]:,-&*!|>'\"%@`#?\n\t\\ $";

    private readonly TemporaryFolder folder = new();

    public DvcReaderTests() => Project.Initialize(this.folder.Path);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_damaged_file_is_read_or_refused_by_the_room_and_never_more(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 40; i++)
        {
            this.Survives(() => LockFile.Parse(Damaged(Lock, random), "dvc.lock"));
            this.Survives(() => PointerFile.Parse(Damaged("md5: a\nfrozen: true\ndeps:\n- path: x\n  repo: {url: u, rev_lock: 1}\nouts:\n- md5: 9dd4e461268c8034f5c8564e155c67a6\n  path: a\n", random), "/x/a.dvc", "a.dvc"));
            foreach (var name in new[] { "p.yaml", "p.json", "p.toml", "p.py" })
                this.Survives(() => ParameterFile.Parse(Encoding.UTF8.GetBytes(Damaged(name.EndsWith(".py", StringComparison.Ordinal) ? Python : "a = [1, {b = \"c\"}]\n{\"k\": [NaN, 1e5, \"x\\n\"]}\n- &a [x, *a]\n", random)), name));
            this.folder.Write("dvc.yaml", Damaged(Pipeline, random));
            this.Survives(() => Pipelines.Pipeline.Load(Project.Open(this.folder.Path, TimeProvider.System)));
        }
    }

    [Theory]
    [InlineData("", "[", 100_000)]
    [InlineData("", "{a: ", 100_000)]
    [InlineData("", "- ", 100_000)]
    [InlineData("a: &a [x, x]\n", "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]\nh: [*g, *g, *g, *g, *g, *g, *g]\n", 1)]
    public void What_is_nested_or_repeated_without_end_is_refused(string head, string piece, int times)
    {
        var text = head + string.Concat(Enumerable.Repeat(piece, times));
        Assert.Throws<DataException>(() => YamlReader.ReadValue(text, "x.yaml"));
    }

    [Fact]
    public void Plain_values_of_a_Python_file_are_its_parameters()
    {
        var values = ParameterFile.Parse(Encoding.UTF8.GetBytes(Python), "p.py");
        Assert.Equal(
            """{"A": 1, "B": -0.0025, "C": "sxy", "D": [1, "a", [3, 4], null, true], "Z": {"a": 31, "b": 1000, "x": {"k": -1}}}""",
            PythonText.Json(values));
    }

    [Theory]
    [InlineData("A = (1\n", "p.py:2: not valid Python: a bracket does not end")]
    [InlineData("A = 'x\n", "p.py:1: not valid Python: a text does not end")]
    [InlineData("A = 1)\n", "`)` closes nothing")]
    public void A_Python_file_that_does_not_end_is_named_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<PipelineException>(() => ParameterFile.Parse(Encoding.UTF8.GetBytes(text), "p.py")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a = \"\"\"\nx\ny\"\"\"\n", """{"a": "x\ny"}""")]
    [InlineData("a = \"\"\"x \\\n   y \"q\"\"\"\"\nb = 1\n", """{"a": "x y \"q\"", "b": 1}""")]
    [InlineData("a = '''x\\n\n'''\n", """{"a": "x\\n\n"}""")]
    [InlineData("a = 2020-01-01\nb = 2020-01-01T10:00:00Z\nc = 0o17\nd = 0b11\n", """{"a": "2020-01-01", "b": "2020-01-01T10:00:00Z", "c": 15, "d": 3}""")]
    public void Values_of_TOML_over_lines_and_dates_are_read(string text, string expected) =>
        Assert.Equal(expected, PythonText.Json(ParameterFile.Parse(Encoding.UTF8.GetBytes(text), "p.toml")));

    [Fact]
    public void Numbers_that_only_Python_writes_into_JSON_are_read()
    {
        var values = (OrderedDictionary<string, object?>)ParameterFile.Parse("{\"NaN\": NaN, \"i\": [-Infinity, Infinity], \"t\": \"NaN \\\" NaN\"}"u8.ToArray(), "m.json")!;
        Assert.Equal(double.NaN, values["NaN"]);
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity], (IReadOnlyList<object?>)values["i"]!);
        Assert.Equal("NaN \" NaN", values["t"]);
    }

    [Theory]
    [InlineData("stages:\n  a:\n    cmd: echo > o\n    outs: [o, o]\n", "stands twice below `outs`")]
    [InlineData("stages:\n  a:\n    cmd: echo\n    outs: [Data, data]\n", "`Data` and `data` differ only by case")]
    [InlineData("vars: [item: 1]\nstages:\n  a:\n    foreach: [x]\n    do: {cmd: 'echo ${item}'}\n", "`item` has a value elsewhere")]
    public void What_passes_but_was_hardly_meant_is_said(string yaml, string expected)
    {
        this.folder.Write("dvc.yaml", yaml);
        var pipeline = Pipelines.Pipeline.Load(Project.Open(this.folder.Path, TimeProvider.System));
        Assert.Contains(expected, Assert.Single(pipeline.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vars: [x: 1]\nstages:\n  a: {vars: [x: 1], cmd: echo}\n", "`x` has a value already")]
    [InlineData("vars: [p.yaml]\nstages:\n  a: {vars: ['p.yaml:k'], cmd: echo}\n", "is loaded whole already")]
    [InlineData("vars: ['p.yaml:nope']\n", "has no `nope`")]
    [InlineData("stages:\n  a:\n    foreach: [x]\n    do: {vars: [item: 1], cmd: echo}\n", "`item` means the item")]
    [InlineData("stages:\n  a: {cmd: 'echo ${a..b}'}\n", "is no name to fill in")]
    [InlineData("stages:\n  a: {cmd: echo, deps: ['s3://b/x']}\n", "is an address")]
    [InlineData("stages:\n  a: {cmd: echo, outs: [x.dvc]}\n", "cannot be an output")]
    public void What_DVC_refuses_is_refused(string yaml, string expected)
    {
        this.folder.Write("p.yaml", "k: 1\n");
        this.folder.Write("dvc.yaml", yaml);
        var error = Record.Exception(() => Pipelines.Pipeline.Load(Project.Open(this.folder.Path, TimeProvider.System)));
        Assert.Contains(expected, error?.Message ?? "nothing was refused", StringComparison.Ordinal);
    }

    // What DVC 3.67.1 (ruamel.yaml 0.17.21) wrote for the same values.
    [Fact]
    public void Unusual_values_are_written_as_DVC_writes_them()
    {
        var x = new string('x', 60);
        var map = new YamlMap();
        map.Add("1", new List<object?> { null, true }, isText: false);
        map.Add("q", $"{x} {x} {x} ", isText: true);
        map.Add("a\nb", 1L, isText: true);
        map.Add("e", "0\n\U0001F600", isText: true);
        Assert.Equal($"1:\n- \n- true\nq: '{x} {x}\n  {x} '\n? \"a\\nb\"\n: 1\ne: \"0\\n\\U0001F600\"\n", YamlWriter.Write(map));
        Assert.Equal(PythonText.Json(map), PythonText.Json(YamlReader.ReadValue(YamlWriter.Write(map), "x")));
    }

    private static string Damaged(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0 && result.Length > 1; i--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(4))
            {
                case 0: result.Length = at; break;
                case 1: result[at] = (char)random.Next(1, 300); break;
                case 2: result.Insert(at, Marks[random.Next(Marks.Length)]); break;
                default: result.Remove(at, Math.Min(random.Next(1, 20), result.Length - at)); break;
            }
        }

        return result.ToString();
    }

    private void Survives(Action read)
    {
        _ = this.folder;
        var error = Record.Exception(read);
        Assert.True(error is null or DataException or PipelineException, error?.ToString());
    }
}
