using Ci.Pipelines.Experiments;

namespace Ci.Pipelines.Tests.Experiments;

public sealed class PlanTests
{
    [Fact]
    public void A_grid_is_every_combination_the_last_range_changing_fastest() =>
        Assert.Equal(["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"], PlanMaker.Grid(Ranges("a=1,2", "b=x,y")).Select(t => string.Join(' ', t)));

    [Fact]
    public void A_grid_over_a_range_without_end_or_of_too_many_trials_is_refused()
    {
        Assert.Contains("without end", Assert.Throws<PipelineException>(() => PlanMaker.Grid(Ranges("a=uniform(0,1)"))).Message, StringComparison.Ordinal);
        Assert.Contains("more than 10000 trials", Assert.Throws<PipelineException>(() => PlanMaker.Grid(Ranges("a=range(1000)", "b=range(1000)"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trials_and_another_seed_others()
    {
        var ranges = Ranges("lr=loguniform(1e-4,1)", "depth=randint(1,100)");
        Assert.Equal(Texts(PlanMaker.Random(ranges, 20, 7)), Texts(PlanMaker.Random(ranges, 20, 7)));
        Assert.NotEqual(Texts(PlanMaker.Random(ranges, 20, 7)), Texts(PlanMaker.Random(ranges, 20, 8)));
        // Fixed for good: plans of today must be the plans of the next version.
        Assert.Equal("lr=0.003411 depth=88", string.Join(' ', PlanMaker.Random(ranges, 1, 7)[0]));
    }

    [Fact]
    public void Random_trials_are_never_alike_and_end_when_the_ranges_do() =>
        Assert.Equal(6, Texts(PlanMaker.Random(Ranges("a=1,2,3", "b=x,y"), 50, 1)).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void A_latin_hypercube_uses_each_part_of_each_range_once()
    {
        const int trials = 25;
        var plan = PlanMaker.Lhs(Ranges("x=uniform(0,1)", "y=loguniform(1,1000)", "k=a,b,c,d,e"), trials, 3);
        Assert.Equal(Enumerable.Range(0, trials), plan.Select(t => (int)Math.Floor((double)t[0].Value! * trials)).Order());
        Assert.Equal(Enumerable.Range(0, trials), plan.Select(t => (int)Math.Floor(Math.Log((double)t[1].Value!) / Math.Log(1000) * trials)).Order());
        Assert.All(plan.GroupBy(t => t[2].Value), kind => Assert.Equal(5, kind.Count()));
        Assert.Equal(Texts(plan), Texts(PlanMaker.Lhs(Ranges("x=uniform(0,1)", "y=loguniform(1,1000)", "k=a,b,c,d,e"), trials, 3)));
    }

    [Fact]
    public void A_plan_reads_back_as_itself_and_its_id_follows_plan_and_commit()
    {
        var plan = Plan();
        var read = ExperimentPlan.Parse(plan.ToBytes(), "exp-plan.json");
        Assert.Equal(plan.ToBytes(), read.ToBytes());
        Assert.Equal(plan.IdAt("c1"), read.IdAt("c1"));
        Assert.NotEqual(plan.IdAt("c1"), plan.IdAt("c2"));
        Assert.NotEqual(plan.IdAt("c1"), (plan with { Seed = 9 }).IdAt("c1"));
    }

    [Theory]
    [InlineData("{}", "the schema is ``")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{\"schema\":\"mlops.experiment-plan/v2\"}", "this version reads")]
    [InlineData("{\"schema\":\"mlops.experiment-plan/v1\",\"search\":\"grid\",\"trials\":[]}", "1 to 10000 trials")]
    [InlineData("{\"schema\":\"mlops.experiment-plan/v1\",\"search\":\"grid\",\"trials\":[{\"name\":\"a\",\"set\":[\"a=1,2\"]}]}", "is a range")]
    [InlineData("{\"schema\":\"mlops.experiment-plan/v1\",\"search\":\"grid\",\"trials\":[{}]}", "is no plan")]
    [InlineData("not json", "is no plan")]
    public void A_plan_that_is_none_is_refused_with_its_name(string text, string expected)
    {
        var error = Assert.Throws<PipelineException>(() => ExperimentPlan.Parse(System.Text.Encoding.UTF8.GetBytes(text), "p.json"));
        Assert.StartsWith("p.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("budget=train.epochs:1..27x3", "1 3 9 27")]
    [InlineData("budget=epochs:2..20x4", "2 8 20")]
    [InlineData("budget=other.yaml:a.b:1..2x2", "1 2")]
    [InlineData("budget=n:1..9223372036854775807x1000", "1 1000 1000000 1000000000 1000000000000 1000000000000000 1000000000000000000 9223372036854775807")]
    public void Budgets_grow_to_the_full_one(string text, string expected) => Assert.Equal(expected, string.Join(' ', Halving.Parse(text, f => f).Budgets));

    [Theory]
    [InlineData("epochs:1..27x3")]
    [InlineData("budget=epochs:0..27x3")]
    [InlineData("budget=epochs:27..1x3")]
    [InlineData("budget=epochs:1..27x1")]
    [InlineData("budget=epochs:1..27")]
    public void A_budget_that_is_none_is_refused(string text) => Assert.Contains("budget=KEY:LOW..HIGHxETA", Assert.Throws<PipelineException>(() => Halving.Parse(text, f => f)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_best_third_goes_on_and_what_is_no_number_never_does()
    {
        var halving = Halving.Parse("budget=e:1..9x3", f => f);
        var less = new MetricGoal(new MetricName(null, "rmse"), Maximize: false);
        (int, double?)[] rung = [(0, 3), (1, double.NaN), (2, 1), (3, null), (4, 2), (5, 1), (6, 9)];
        Assert.Equal([2, 4, 5], halving.GoOn(rung, less));
        Assert.Equal([0, 4, 6], halving.GoOn(rung, less with { Maximize = true }));
        Assert.Equal([2], halving.GoOn([(2, 1), (5, 1), (6, 1)], less)); // of equals the earlier
        Assert.Empty(halving.GoOn([(0, null), (1, double.NaN)], less));
    }

    [Fact]
    public void Runners_that_do_not_wait_judge_by_those_who_were_there_before()
    {
        var halving = Halving.Parse("budget=e:1..9x3", f => f);
        var less = new MetricGoal(new MetricName(null, "rmse"), Maximize: false);
        Assert.True(halving.GoesOn(5, [], less)); // too few to tell
        Assert.True(halving.GoesOn(5, [1], less));
        Assert.False(halving.GoesOn(5, [1, 2], less));
        Assert.True(halving.GoesOn(1, [5, 2], less));
        Assert.True(halving.GoesOn(2, [1, 5, 6], less)); // of four, two go on
        Assert.False(halving.GoesOn(double.NaN, [], less));
        Assert.False(halving.GoesOn(null, [], less));
    }

    private static ExperimentPlan Plan() => new()
    {
        Search = SearchKind.Lhs,
        Seed = 3,
        Ranges = ["a=uniform(0,1)"],
        Targets = ["train"],
        Goal = new MetricGoal(MetricName.Parse("metrics.json:rmse"), Maximize: false),
        Halving = Halving.Parse("budget=e:1..9x3", f => f),
        Trials = [new PlannedTrial("calm-otter", [.. Ranges("a=0.5", "p.json:+b='x,y'", "~c").Select(r => r.Settled)])],
    };

    private static List<SweptOverride> Ranges(params string[] texts) => [.. texts.Select(t => OverrideReader.Read(t, f => f))];

    private static List<string> Texts(IEnumerable<IReadOnlyList<ParameterOverride>> trials) => [.. trials.Select(t => string.Join(' ', t))];
}
