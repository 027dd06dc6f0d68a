using System.Text.Json.Nodes;
using Ci.Promotion;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary><c>mlops audit</c>: what ran there then, and who approved it.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task The_log_says_what_ran_at_a_time_and_who_approved_it()
    {
        await using var world = await DeliveryWorld.CreateAsync("    approvals: 1\n");
        await world.ReleaseAsync("1.0.0", errors: 20);
        await PromoteApprovedAsync(world, "alice");
        world.Clock.Now += TimeSpan.FromDays(1);
        await world.ReleaseAsync("2.0.0", errors: 10);
        await PromoteApprovedAsync(world, "bob");

        var then = await world.OkAsync("audit --environment staging --at 2026-05-01T18:00:00Z");
        Assert.Matches(@"\nstaging +energy-load +1\.0\.0 +[0-9a-f]{12} +2026-05-01 12:00:00 +2026-05-02 12:00:00 +promote +octocat +alice +pull request 1; commit [0-9a-f]{7}\n", then);
        Assert.Contains("4 line(s), the chain is whole; SHA-256 of the last: ", then, StringComparison.Ordinal);

        var now = JsonNode.Parse(await world.OkAsync("audit --environment staging --at 2026-05-02T12:00:00Z --json"))!;
        var ran = Assert.Single(now["ran"]!.AsArray())!;
        Assert.Equal(("2.0.0", "bob", null), ((string?)ran["version"], (string?)ran["approvers"]![0], (string?)ran["until"]));
        Assert.Empty(now["unrecorded"]!.AsArray());

        Assert.StartsWith("nothing ran at 2026-04-30", await world.OkAsync("audit --environment staging --at 2026-04-30"), StringComparison.Ordinal);
        Assert.Equal(2, JsonNode.Parse(await world.OkAsync("audit --environment development --json"))!["entries"]!.AsArray().Count);
        Assert.Equal(4 + 2, (await world.OkAsync("audit")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_changed_line_breaks_the_chain_and_is_told_with_its_number_while_status_still_answers()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 20);
        await world.PromoteAsync();
        var log = (await world.ReadDeployAsync(AuditLog.Path))!;
        await world.WriteDeployAsync(AuditLog.Path, log.Replace("\"environment\":\"development\"", "\"environment\":\"elsewhere\"", StringComparison.Ordinal));

        var (code, output, error) = await world.RunAsync("audit");
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Contains("audit/log.jsonl:2: the chain is broken", error, StringComparison.Ordinal);

        var (status, table, note) = await world.RunAsync("promote", "status");
        Assert.Equal(ExitCode.Ok, status);
        Assert.Contains("1.0.0", table, StringComparison.Ordinal);
        Assert.Contains("audit/log.jsonl:2", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_were_cut_off_at_the_end_are_missed_by_what_the_channels_say()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.ReleaseAsync("1.0.0", errors: 20);
        await world.PromoteAsync();
        var log = (await world.ReadDeployAsync(AuditLog.Path))!;
        await world.WriteDeployAsync(AuditLog.Path, log[..(log.IndexOf('\n', StringComparison.Ordinal) + 1)]);

        var (code, _, error) = await world.RunAsync("audit");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("“Promote energy-load 1.0.0 to staging”, has no line in the log", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_environment_or_time_is_no_empty_answer()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var (code, _, error) = await world.RunAsync("audit", "--environment", "stagging");
        Assert.Equal(ExitCode.Error, code);
        Assert.Contains("there are development, staging, production", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await world.RunAsync("audit", "--at", "yesterday")).Code);
    }

    private static async Task PromoteApprovedAsync(DeliveryWorld world, string approver)
    {
        var opened = await world.OpenAsync();
        world.Hub.Pulls(DeliveryWorld.Slug).Single(pull => pull.Number == opened.Number).Reviews.Add(new SimulatedReview(opened.Number, approver, "APPROVED", opened.Head, DateTimeOffset.UnixEpoch));
        await world.OkAsync($"promote check --pull-request {opened.Number}");
        await world.MergeAsync(opened);
        await world.OkAsync("promote apply --environment staging");
    }
}
