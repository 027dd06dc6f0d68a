using System.Text;

namespace Ci.Forges.Tests;

/// <summary>The sticky comment, on every forge that we speak to.</summary>
public abstract class StickyCommentTests(string vendor)
{
    private static readonly StickyStamp Run5 = new("a1b2c3", 5);

    [Fact]
    public async Task It_is_created_once_updated_when_it_changes_and_left_alone_when_it_does_not()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();

        var before = fixture.Writes;
        var created = await StickyComment.PutAsync(forge.Comments, 1, "energy", "one\n", Run5);
        var unchanged = await StickyComment.PutAsync(forge.Comments, 1, "energy", "one\n", new StickyStamp("d4", 6));
        var writes = fixture.Writes - before;
        var updated = await StickyComment.PutAsync(forge.Comments, 1, "energy", "two\n", new StickyStamp("d4", 7));

        Assert.Equal([StickyAction.Created, StickyAction.Unchanged, StickyAction.Updated], [created.Action, unchanged.Action, updated.Action]);
        Assert.Equal(1, writes);
        Assert.Equal(created.Id, updated.Id);
        Assert.EndsWith("\ntwo\n", Assert.Single(fixture.Comments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_found_again_beyond_the_first_page()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        for (var i = 0; i < 130; i++)
            fixture.Forge.AddComment(fixture.Slug, 1, "ada", $"chat {i}");
        await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);
        for (var i = 0; i < 130; i++)
            fixture.Forge.AddComment(fixture.Slug, 1, "ada", $"more chat {i}");

        var again = await StickyComment.PutAsync(forge.Comments, 1, "energy", "two", new StickyStamp("d4", 6));

        Assert.Equal(StickyAction.Updated, again.Action);
        Assert.Single(fixture.Comments, c => c.Author == fixture.Forge.JobLogin);
    }

    [Theory]
    [InlineData("> {0}\n> quoted\n\nI disagree")]
    [InlineData("```\n{0}\n```\n")]
    [InlineData("{0}\ncopied whole")]
    [InlineData("text {0}")]
    [InlineData("<!-- what the bot wrote\n{0}\n-->")]
    public async Task Somebody_who_quotes_our_marker_is_never_overwritten(string form)
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        var marker = StickyMarker.Mark("energy", "one", Run5).Split('\n')[0];
        var body = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, marker);
        fixture.Forge.AddComment(fixture.Slug, 1, "ada", body);

        var outcome = await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);

        Assert.Equal(StickyAction.Created, outcome.Action);
        var comments = fixture.Comments;
        Assert.Equal(body, comments[0].Body);
        Assert.Equal(2, comments.Count);
    }

    [Fact]
    public async Task Another_keys_comment_of_ours_is_another_comment()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();

        await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);
        await StickyComment.PutAsync(forge.Comments, 1, "energy-2", "two", Run5);

        Assert.Equal(2, fixture.Comments.Count);
    }

    [Theory]
    [InlineData(4, 1, StickyAction.Outdated)]
    [InlineData(5, 1, StickyAction.Outdated)]
    [InlineData(5, 2, StickyAction.Updated)]
    [InlineData(5, 3, StickyAction.Updated)]
    [InlineData(6, 1, StickyAction.Updated)]
    public async Task An_older_run_never_overwrites_a_newer_one(long run, int attempt, StickyAction expected)
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        await StickyComment.PutAsync(forge.Comments, 1, "energy", "new", new StickyStamp("b2", 5, 2));

        var outcome = await StickyComment.PutAsync(forge.Comments, 1, "energy", "other", new StickyStamp("a1", run, attempt));

        Assert.Equal(expected, outcome.Action);
        var stands = Assert.Single(fixture.Comments).Body;
        Assert.EndsWith(expected == StickyAction.Outdated ? "new" : "other", stands, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_creations_end_in_one_comment_with_the_newest_content()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        fixture.Forge.Faults.Delay = TimeSpan.FromMilliseconds(30);

        await Task.WhenAll(Enumerable.Range(1, 6).Select(async run =>
        {
            using var forge = fixture.Open();
            await StickyComment.PutAsync(forge.Comments, 1, "energy", $"run {run}", new StickyStamp("a1", run));
        }));

        Assert.EndsWith("run 6", Assert.Single(fixture.Comments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_to_the_creation_does_not_make_a_second_comment()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open(fixture.Forge.AddPerson("ada"));
        fixture.Forge.Faults.LoseAnswersOfNext(1, "POST");

        var outcome = await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);

        Assert.Equal(StickyAction.Unchanged, outcome.Action);
        Assert.Single(fixture.Comments);
    }

    [Fact]
    public async Task A_refused_creation_is_tried_again_after_looking()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Forge.Faults.FailNext(1, 502, method: "POST");

        var outcome = await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);

        Assert.Equal(StickyAction.Created, outcome.Action);
        Assert.Single(fixture.Comments);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_cut_with_its_fence_and_section_closed()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        var body = "<details>\n\n```\n" + string.Concat(Enumerable.Repeat("größer als erlaubt ✓\n", forge.Comments.BodyLimit / 20));

        await StickyComment.PutAsync(forge.Comments, 1, "energy", body, Run5);

        var posted = Assert.Single(fixture.Comments).Body;
        Assert.InRange(Encoding.UTF8.GetByteCount(posted), forge.Comments.BodyLimit * 9 / 10, forge.Comments.BodyLimit);
        Assert.Contains("\n```\n\n</details>\n\n_The rest is cut", posted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_comment_that_somebody_edited_is_put_right()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);
        var ours = Assert.Single(await forge.Comments.ListAsync(1));
        await forge.Comments.UpdateAsync(ours, ours.Body + " (not true)");

        Assert.Equal(StickyAction.Updated, (await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5)).Action);
    }

    [Fact]
    public async Task A_commit_carries_one_too()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        var target = CommentTarget.OfCommit(fixture.HeadSha);

        await StickyComment.PutAsync(forge.Comments, target, "energy", "one", Run5);
        await StickyComment.PutAsync(forge.Comments, target, "energy", "two", Run5);

        Assert.EndsWith("two", Assert.Single(await forge.Comments.ListAsync(target)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Older_comments_of_ours_without_the_marker_stay_as_they_are()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        var oldest = await forge.Comments.CreateAsync(1, "I am the oldest");
        await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);

        var again = await StickyComment.PutAsync(forge.Comments, 1, "energy", "two", new StickyStamp("d4", 6));

        Assert.NotEqual(oldest.Id, again.Id);
        Assert.Equal("I am the oldest", fixture.Comments[0].Body);
        Assert.EndsWith("two", fixture.Comments[1].Body, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Comments.Count);
    }

    [Fact]
    public async Task What_the_forge_notes_itself_is_no_comment_even_if_it_bears_our_marker()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Forge.AddComment(fixture.Slug, 1, fixture.Forge.JobLogin, StickyMarker.Mark("energy", "one", Run5), isSystem: vendor == "gitlab");

        var outcome = await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);

        Assert.Equal(vendor == "gitlab" ? StickyAction.Created : StickyAction.Unchanged, outcome.Action);
        Assert.Single(fixture.Comments);
    }

    [Fact]
    public async Task Markdown_arrives_byte_for_byte()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        const string Body = "- [ ] open\n- [x] done\n\n> [!WARNING]\n> careful\n\nLet $x_1$ and *a*_b_ \\| | `a|b` &amp; <kbd>x</kbd>\n\n* star\n+ plus\n1) one\n  trailing  \nµ ✓ 🚀 \u00a0 end";

        await StickyComment.PutAsync(forge.Comments, 1, "energy", Body, Run5);
        await StickyComment.PutAsync(forge.Comments, 1, "energy", Body + "!", new StickyStamp("d4", 6));

        Assert.EndsWith("-->\n" + Body + "!", Assert.Single(fixture.Comments).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task One_bad_gateway_before_or_after_the_effect_leaves_one_comment(string method)
    {
        foreach (var lost in new[] { false, true })
        {
            await using var fixture = await VendorFixture.StartAsync(vendor);
            using var forge = fixture.Open();
            if (lost)
                fixture.Forge.Faults.LoseAnswersOfNext(1, method);
            else
                fixture.Forge.Faults.FailNext(1, 502, method: method);

            await StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5);

            Assert.EndsWith("one", Assert.Single(fixture.Comments).Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_deleted_pull_request_is_named_and_nothing_is_written()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Forge.DeletePull(fixture.Slug, 1);

        await Assert.ThrowsAsync<ForgeNotFoundException>(() => StickyComment.PutAsync(forge.Comments, 1, "energy", "one", Run5));
        Assert.Empty(fixture.Comments);
    }

    [Fact]
    public async Task An_answer_cut_in_the_middle_is_an_error_that_says_so_not_a_crash()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        fixture.Forge.AddComment(fixture.Slug, 1, "ada", "hello");
        fixture.Forge.Faults.TruncateNext(9, "GET");

        Assert.Contains("cannot list", (await Assert.ThrowsAsync<ForgeException>(() => forge.Comments.ListAsync(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_deleted_meanwhile_is_deleted_already()
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();
        foreach (var target in new[] { 1, CommentTarget.OfCommit(fixture.HeadSha) })
        {
            var comment = await forge.Comments.CreateAsync(target, "x");
            await forge.Comments.DeleteAsync(comment);
            await forge.Comments.DeleteAsync(comment);
            Assert.Empty(await forge.Comments.ListAsync(target));
        }
    }

    [Theory]
    [InlineData("<!-- kept from before\n{0}\n\ntext", false)]
    [InlineData("<!-- one line -->\n{0}\ntext", true)]
    [InlineData("~~~\n{0}\n~~~", false)]
    public void A_marker_counts_outside_comments_and_code_alone(string form, bool counts)
    {
        var marker = StickyMarker.Mark("energy", "one", Run5).Split('\n')[0];

        Assert.Equal(counts, StickyMarker.Find(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, marker)) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a--> b")]
    [InlineData("a b")]
    public async Task A_key_that_could_leave_its_marker_is_refused(string key)
    {
        await using var fixture = await VendorFixture.StartAsync(vendor);
        using var forge = fixture.Open();

        await Assert.ThrowsAsync<ForgeException>(() => StickyComment.PutAsync(forge.Comments, 1, key, "x", Run5));
    }
}

public sealed class GitHubStickyCommentTests() : StickyCommentTests("github");

public sealed class GitLabStickyCommentTests() : StickyCommentTests("gitlab");
