using Ci.Statistics;
using Ci.Training.Linear;
using Ci.Training.Trees;

namespace Ci.Training.Tests;

public sealed class TrainingPlanTests
{
    [Fact]
    public void A_section_becomes_a_trainer_with_its_settings()
    {
        var plan = TrainingPlan.Read("train:\n  kind: boosted-trees\n  target: load\n  exclude: [time, lag_*]\n  iterations: 30\n  seed: 9\n", "params.yaml", "train");

        Assert.IsType<BoostedTreesTrainer>(plan.Trainer);
        Assert.Equal(("load", 9), (plan.Target, plan.Seed));
        Assert.Equal(["time", "lag_*"], plan.Exclude);
    }

    [Fact]
    public void Each_kind_may_have_a_mapping_of_its_own_so_that_changing_the_kind_is_one_line()
    {
        const string yaml = "kind: ridge\ntarget: y\nkey: id\nridge: {lambda: 3}\nboosted-trees: {iterations: 7}\n";

        Assert.IsType<RidgeTrainer>(TrainingPlan.Read(yaml, "p.yaml", "").Trainer);
        var trees = TrainingPlan.Read(yaml.Replace("kind: ridge", "kind: boosted-trees", StringComparison.Ordinal), "p.yaml", "");
        Assert.Equal(7, trees.Trainer.Train(Sets.Regression(100), new TrainingContext()).Facts.Iterations);
        Assert.Equal("id", trees.Key);
        var error = Assert.Throws<TrainingParameterException>(() => TrainingPlan.Read(yaml.Replace("lambda", "lamda", StringComparison.Ordinal), "p.yaml", ""));
        Assert.Contains("`lamda` (line 4) is no parameter of the trainer ridge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_is_no_feature()
    {
        Assert.Equal(["a"], TrainingSet.From(Read("id,a,y\nx,1,2\n"), "y", [], "id").Features);
        Assert.Throws<TrainingException>(() => TrainingSet.From(Read("id,a,y\nx,1,2\n"), "y", [], "idd"));
    }

    [Fact]
    public void The_top_level_and_nested_sections_can_be_named()
    {
        Assert.IsType<RidgeTrainer>(TrainingPlan.Read("kind: ridge\ntarget: y\n", "p.yaml", "").Trainer);
        Assert.IsType<SoftmaxTrainer>(TrainingPlan.Read("a:\n  b: {kind: softmax, target: y}\n", "p.yaml", "a.b").Trainer);
    }

    [Fact]
    public void All_faults_of_a_section_are_said_at_once()
    {
        var error = Assert.Throws<TrainingParameterException>(() => TrainingPlan.Read(
            "train:\n  kind: boosted-trees\n  learning_rate: fast\n  max_leaves: 1\n  validation: never\n  depth: 3\n", "params.yaml", "train"));

        Assert.Equal(5, error.Problems.Count);
        Assert.Contains("`target` is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("`learning_rate` (line 3): `fast` should be a number from 0.000001 to 1, default 0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("`max_leaves` (line 4): `1` should be a whole number from 2 to 65536, default 31", error.Message, StringComparison.Ordinal);
        Assert.Contains("`validation` (line 5): `never` should be one of chronological, random", error.Message, StringComparison.Ordinal);
        Assert.Contains("`depth` (line 6) is no parameter of the trainer boosted-trees; known are kind, target, key, exclude, seed, task, iterations", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_lists_the_known_ones()
    {
        var error = Assert.Throws<TrainingParameterException>(() => TrainingPlan.Read("kind: forest\ntarget: y\ntrees: 3\n", "p.yaml", ""));

        Assert.Contains("`forest` is no trainer; known are ridge, softmax, boosted-trees", Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other: {kind: ridge}", "there is no section `train`")]
    [InlineData("train: ridge", "is no mapping")]
    [InlineData("train: [", "not valid YAML")]
    [InlineData("", "there is no section `train`")]
    public void A_file_without_the_section_is_refused(string yaml, string expected)
    {
        var error = Assert.Throws<TrainingParameterException>(() => TrainingPlan.Read(yaml, "params.yaml", "train"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_all_columns_that_are_neither_target_nor_excluded()
    {
        var set = TrainingSet.From(Read("time,a,lag_1,lag_2,y\nx,1,2,,4\nx,5,6,7,8\n"), "y", ["time", "lag_?"]);

        Assert.Equal(["a"], set.Features);
        Assert.Equal([4, 8], set.Target.ToArray());
    }

    [Fact]
    public void An_empty_cell_is_a_missing_value()
    {
        Assert.True(float.IsNaN(TrainingSet.From(Read("a,y\n,4\n5,8\n"), "y", []).Column(0)[0]));
    }

    [Theory]
    [InlineData("time,y\nx,1\n", "exclude")]
    [InlineData("a,y\n1,\n", "column `y`, data row 1: the target is empty")]
    [InlineData("a,y\n1e300,1\n", "does not fit into FP32")]
    [InlineData("y\n1\n", "no features are left")]
    public void Columns_that_cannot_be_learned_from_are_named(string csv, string expected)
    {
        var error = Assert.Throws<TrainingException>(() => TrainingSet.From(Read(csv), "y", []));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_matches_nothing_is_taken_for_a_typing_error()
    {
        var error = Assert.Throws<TrainingException>(() => TrainingSet.From(Read("a,y\n1,1\n"), "y", ["lagg_*"]));

        Assert.Contains("`lagg_*` of `exclude` matches no column; the columns are a, y", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lag_*", "b")]
    [InlineData("*_24", "lag_241,b")]
    [InlineData("l*g_??", "lag_241,b")]
    [InlineData("lag_24", "lag_241,b")]
    public void An_excluded_pattern_matches_whole_names(string pattern, string left)
    {
        var set = TrainingSet.From(Read("lag_24,lag_241,b,y\n1,2,3,4\n"), "y", [pattern]);

        Assert.Equal(left, string.Join(',', set.Features));
    }

    private static Table Read(string csv) => Table.ReadCsv(new StringReader(csv), "data.csv");
}
