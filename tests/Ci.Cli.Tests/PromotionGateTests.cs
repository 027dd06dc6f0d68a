namespace Ci.Cli.Tests;

/// <summary>A promotion is judged against what is live where it goes, and by that branch's gates.</summary>
public sealed class PromotionGateTests
{
    [Fact]
    public async Task A_release_that_is_worse_than_what_is_live_is_refused_whatever_its_own_verdict_and_gates_say()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 10);
        await world.PromoteAsync();
        var live = await world.ReadDeployAsync("channels/staging/energy-load.json");
        // The proposal brings gates of its own, under which anything would pass.
        await world.ReleaseAsync("2.0.0", errors: 20, commit: ("gates.yaml", DeliveryWorld.Gates.Replace("1 %", "900 %", StringComparison.Ordinal)));
        var opened = await world.OpenAsync();

        var (code, output, _) = await world.RunAsync("promote", "check", "--pull-request", $"{opened.Number}");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("regress against live v1.0.0: worse, RMSE", output, StringComparison.Ordinal);
        Assert.Contains("by gates.yaml on staging; regress: error:", output, StringComparison.Ordinal);
        Assert.Equal("failure", world.Hub.Checks(DeliveryWorld.Slug)[^1].Conclusion);

        // Nobody made the check required, and the merge brought those gates into the branch: the writer looks at the branch before it.
        await world.MergeAsync(opened);
        var (applied, _, error) = await world.RunAsync("promote", "apply", "--environment", "staging");
        Assert.Equal(ExitCode.Refused, applied);
        Assert.Contains("regress against live v1.0.0", error, StringComparison.Ordinal);
        Assert.Equal(live, await world.ReadDeployAsync("channels/staging/energy-load.json"));
    }

    [Fact]
    public async Task A_better_release_passes_and_the_words_say_by_how_much()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 20);
        var first = await world.OpenAsync();
        Assert.Contains("nothing is live in staging, so the verdict that the release carries decides", await world.OkAsync($"promote check --pull-request {first.Number}"), StringComparison.Ordinal);
        await world.MergeAsync(first);
        await world.OkAsync("promote apply --environment staging");
        await world.ReleaseAsync("2.0.0", errors: 10);
        var opened = await world.OpenAsync();

        var output = await world.OkAsync($"promote check --pull-request {opened.Number}");

        Assert.Contains("pass against live v1.0.0: better, RMSE", output, StringComparison.Ordinal);
        Assert.Contains("lower than live v1.0.0 (95 % interval", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_measured_on_other_data_is_refused_until_a_person_decides()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 20);
        await world.PromoteAsync();
        await world.ReleaseAsync("2.0.0", errors: 1, data: "hours of 2021");
        var opened = await world.OpenAsync();

        var (code, output, _) = await world.RunAsync("promote", "check", "--pull-request", $"{opened.Number}");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("inconclusive: energy-load 2.0.0 was measured on other data", output, StringComparison.Ordinal);
        Assert.Contains("`gates: none` for staging in policy/environments.yaml", output, StringComparison.Ordinal);

        var policy = await world.ReadDeployAsync("policy/environments.yaml");
        await world.WriteDeployAsync("policy/environments.yaml", policy!.Replace("- name: staging\n", "- name: staging\n    gates: none\n", StringComparison.Ordinal));
        Assert.Contains("asks for no verdict", await world.OkAsync($"promote check --pull-request {opened.Number}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_release_whose_evidence_is_gone_is_no_licence()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var live = await world.ReleaseAsync("1.0.0", errors: 20);
        await world.PromoteAsync();
        await world.ReleaseAsync("2.0.0", errors: 10);
        var opened = await world.OpenAsync();
        var digest = live.ByRole(Ci.Releases.ArtifactRole.Predictions)!.Sha256.Hex;
        File.Delete(Path.Combine(world.Blobs, "sha256", digest[..2], digest));

        var (code, output, _) = await world.RunAsync("promote", "check", "--pull-request", $"{opened.Number}");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains($"no blob `sha256/{digest[..2]}/{digest}`", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_blob_is_refused_before_a_channel_names_it()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var release = await world.ReleaseAsync("1.0.0", errors: 10);
        var opened = await world.OpenAsync();
        world.Damage(release);
        var (check, output, _) = await world.RunAsync("promote", "check", "--pull-request", $"{opened.Number}");
        Assert.Equal(ExitCode.Refused, check);
        Assert.Contains("model.onnx is damaged", output, StringComparison.Ordinal);

        await world.MergeAsync(opened);
        var (code, _, error) = await world.RunAsync("promote", "apply", "--environment", "staging");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("blobs: model.onnx is damaged", error, StringComparison.Ordinal);
        Assert.Null(await world.ReadDeployAsync("channels/staging/energy-load.json"));

        // As the message says: delete it, apply the folder again, and the promotion goes on.
        File.Delete(Path.Combine(world.Blobs, "sha256", release.Model.Sha256.Hex[..2], release.Model.Sha256.Hex));
        await world.ApplyAgainAsync("1.0.0");
        await world.OkAsync("promote apply --environment staging");
        Assert.NotNull(await world.ReadDeployAsync("channels/staging/energy-load.json"));
    }

    [Fact]
    public async Task A_pull_request_that_is_no_promotion_gets_a_failing_check_that_says_so()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 10);
        await world.PromoteAsync();
        var number = await world.OpenByHandAsync();

        var (code, _, error) = await world.RunAsync("promote", "check", "--pull-request", $"{number}");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("is no promotion", error, StringComparison.Ordinal);
        var check = world.Hub.Checks(DeliveryWorld.Slug)[^1];
        Assert.Equal(("mlops/promotion", "failure"), (check.Name, check.Conclusion));
    }

    [Fact]
    public async Task Going_back_twice_asks_which_release_is_wanted()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 20);
        await world.PromoteAsync();
        await world.ReleaseAsync("2.0.0", errors: 10);
        await world.PromoteAsync();
        Assert.Contains("1.0.0", await world.OkAsync("promote rollback --environment staging --reason spikes"), StringComparison.Ordinal);
        await world.OkAsync("promote freeze --environment staging --lift --reason understood");

        var (code, _, error) = await world.RunAsync("promote", "rollback", "--environment", "staging", "--reason", "again");

        Assert.Equal(ExitCode.Error, code);
        Assert.Contains("was rolled back already", error, StringComparison.Ordinal);
        Assert.Contains("2.0.0", await world.OkAsync("promote rollback --environment staging --to 2.0.0 --reason better"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_says_what_runs_where_and_where_upstream_is_ahead()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 20);
        await world.PromoteAsync();
        world.Clock.Now += TimeSpan.FromDays(1);
        await world.ReleaseAsync("2.0.0", errors: 10);

        var lines = (await world.OkAsync("promote status")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Matches(@"^environment +version +release +since \(UTC\) +by +sequence +upstream +notes$", lines[0]);
        Assert.Matches(@"^development +2\.0\.0 +[0-9a-f]{12} +2026-05-02 12:00 +octocat +2 +-$", lines[1]);
        Assert.Matches(@"^staging +1\.0\.0 +[0-9a-f]{12} +2026-05-01 12:00 +octocat +1 +2\.0\.0 is live in development, not here$", lines[2]);
        Assert.Matches(@"^production +nothing +- +- +- +- +1\.0\.0 is live in staging, not here$", lines[3]);
    }
}
