using System.Text;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines.Experiments;
using Ci.Testing;

namespace Ci.Pipelines.Tests.Experiments;

public sealed class RecordTests : IDisposable
{
    private static readonly string Base = new('a', 40);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_record_reads_back_as_itself_from_one_line_of_a_message()
    {
        var record = Record() with
        {
            Metrics = new Dictionary<string, object?> { ["m.json"] = ExperimentValues.ReadMetrics("{\"a\": NaN, \"b\": -Infinity, \"c\": 0.1, \"d\": [1, \"x\"], \"long\": 123456789012345678901234567890}"u8.ToArray(), "m.json") },
            Plan = ("0123456789abcdef", 4),
            Rungs = [new RungResult(1, 0.5), new RungResult(3, null)],
            Reason = "one\ntwo: three",
            Seed = 7,
        };
        var line = record.ToLine();
        Assert.DoesNotContain('\n', line);
        var read = ExperimentRecord.InMessage($"My message\n\nMlops-Experiment: in words\n\nMlops-Experiment: {line}\n")!;
        Assert.Equal(line, read.ToLine());
        Assert.Equal(double.NaN, ExperimentValues.NumberOf(read.Metrics, MetricName.Parse("m.json:a")));
        Assert.Equal(0.1, ExperimentValues.NumberOf(read.Metrics, MetricName.Parse("c")));
        Assert.Equal((("0123456789abcdef", 4), 7L), (read.Plan!.Value, read.Seed));
    }

    [Fact]
    public void The_record_fits_its_schema()
    {
        var file = this.folder.Write("record.json", (Record() with { Seed = 1, Plan = ("0123456789abcdef", 0), Rungs = [new RungResult(1, 2)], Reason = "why" }).ToLine());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "experiment.schema.json"), file));
        var plan = new ExperimentPlan
        {
            Search = SearchKind.Random,
            Goal = new MetricGoal(MetricName.Parse("m.json:rmse"), true),
            Halving = Halving.Parse("budget=e:1..9x3", f => f),
            Trials = [new PlannedTrial("calm-otter", [OverrideReader.Read("a=1", f => f).Settled])],
        };
        File.WriteAllBytes(this.folder.Of("plan.json"), plan.ToBytes());
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "experiment-plan.schema.json"), this.folder.Of("plan.json")));
    }

    [Theory]
    [InlineData("{\"schema\":\"mlops.experiment/v2\"}")]
    [InlineData("{\"schema\":\"mlops.experiment/v1\"}")]
    [InlineData("{\"schema\":\"mlops.experiment/v1\",\"name\":\"a\",\"base\":\"b\",\"status\":\"odd\",\"started\":\"2026-01-01T00:00:00Z\",\"code\":\"c\"}")]
    [InlineData("{\"schema\":\"mlops.experiment/v1\",\"name\":7}")]
    [InlineData("nonsense")]
    public void A_record_that_cannot_be_read_is_one_kind_of_error(string text) => Assert.Throws<PipelineException>(() => ExperimentRecord.Parse(text));

    [Theory]
    [InlineData("refs/exps/01/23456789012345678901234567890123456789/calm-otter", "calm-otter")]
    [InlineData("refs/mlops/exps/failed/01/23456789012345678901234567890123456789/x", "x")]
    [InlineData("refs/exps/celery/stash", null)]
    [InlineData("refs/exps/stash", null)]
    [InlineData("refs/exps/exec/EXEC_HEAD", null)]
    [InlineData("refs/exps/01/23456789012345678901234567890123456789/a/b", null)]
    [InlineData("refs/heads/main", null)]
    public void References_of_experiments_are_told_from_what_DVC_keeps_beside_them(string reference, string? name) => Assert.Equal(name, ExperimentRef.Parse(reference)?.Name);

    [Theory]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("-n")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("a.lock")]
    [InlineData("a~1")]
    [InlineData("x\ny")]
    [InlineData("@{")]
    public async Task A_hostile_name_is_refused(string name)
    {
        var git = await GitRepository.InitAsync(this.folder.Path, o: new GitOptions { Environment = GitIsolation.Environment });
        Assert.Contains("cannot be the name", (await Assert.ThrowsAsync<PipelineException>(() => ExperimentRef.CheckNameAsync(git, name))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_name_loses_no_result()
    {
        var git = await GitRepository.InitAsync(this.folder.Path, o: new GitOptions { Environment = GitIsolation.Environment });
        this.folder.Write("f", "1");
        await git.AddAndCommitAsync(["f"], "First");
        var head = (await git.ResolveAsync("HEAD"))!;
        var store = new ExperimentStore(git);
        var tree = await git.TreeOfAsync(head);
        var first = await store.SaveAsync(tree, Record() with { Base = head }, null, replace: false);
        var error = await Assert.ThrowsAsync<PipelineException>(() => store.SaveAsync(tree, Record() with { Base = head, Seconds = 9 }, "again", replace: false));
        Assert.Contains("so the result was kept as `", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await store.AllAsync()).Count);
        Assert.Equal(first.Commit, (await store.FindAsync("calm-otter")).Commit);
        Assert.Contains("did you mean `calm-otter`", (await Assert.ThrowsAsync<PipelineException>(() => store.FindAsync("calm-oter"))).Message, StringComparison.Ordinal);
        // A result replaces the failure that stood under its name.
        await store.SaveAsync(tree, Record() with { Base = head, Name = "x", Status = ExperimentStatus.Failed }, null, replace: false);
        Assert.Equal(ExperimentStatus.Failed, (await store.FindAsync("x")).Status);
        await store.SaveAsync(tree, Record() with { Base = head, Name = "x" }, null, replace: false);
        Assert.Equal(ExperimentStatus.Done, (await store.FindAsync("x")).Status);
    }

    private static ExperimentRecord Record() => new()
    {
        Name = "calm-otter",
        Base = Base,
        Status = ExperimentStatus.Done,
        Started = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
        Seconds = 1.5,
        Code = new string('b', 40),
        Data = new Dictionary<string, string> { ["raw.csv"] = new('c', 32) },
        Set = ["train.lr=0.05"],
        Parameters = new Dictionary<string, object?> { ["params.yaml"] = new OrderedDictionary<string, object?> { ["lr"] = 0.05, ["n"] = 3L, ["none"] = null } },
        Metrics = new Dictionary<string, object?> { ["metrics.json"] = new OrderedDictionary<string, object?> { ["rmse"] = 0.25 } },
    };
}
