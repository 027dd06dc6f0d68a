using System.Net;
using System.Text;
using Ci.Testing;

namespace Ci.Forges.Tests;

/// <summary>A forge's answers come from outside too: one that is damaged ends in the room's exception, or is as good as the whole one.</summary>
public sealed class DamagedAnswerTests
{
    private const string Pull = """
        {"number": 7, "title": "A change", "body": "why", "state": "open", "user": {"login": "ada"}, "html_url": "https://forge.example/acme/energy-load/pull/7",
         "head": {"ref": "change", "sha": "1111111111111111111111111111111111111111", "repo": {"full_name": "acme/energy-load"}},
         "base": {"ref": "main", "sha": "2222222222222222222222222222222222222222", "repo": {"full_name": "acme/energy-load"}},
         "merge_commit_sha": null, "merged_at": null, "mergeable": true}
        """;

    private const string Comment = """{"id": 9, "user": {"login": "ada"}, "body": "text", "html_url": "https://forge.example/acme/energy-load/pull/7#9"}""";

    private const string Review = """{"user": {"login": "ada"}, "state": "APPROVED", "commit_id": "1111111111111111111111111111111111111111", "submitted_at": "2026-05-01T00:00:00Z"}""";

    [Fact]
    public void A_damaged_pull_request_is_read_or_refused() =>
        Check(Pull, text => text, forge => forge.PullRequests.GetAsync(7));

    [Fact]
    public void A_damaged_pull_request_in_a_list_is_read_or_refused() =>
        Check(Pull, text => $"[{text}]", forge => forge.PullRequests.FindOpenAsync("change"));

    [Fact]
    public void A_damaged_comment_is_read_or_refused() =>
        Check(Comment, text => $"[{text}]", forge => forge.Comments.ListAsync(CommentTarget.OfPullRequest(7)));

    [Fact]
    public void A_damaged_review_is_read_or_refused() =>
        Check(Review, text => $"[{text}]", forge => forge.Reviews!.ListAsync(7));

    [Fact]
    public async Task Null_in_a_list_is_refused()
    {
        using var forge = Open("[null]");
        await Assert.ThrowsAsync<ForgeException>(() => forge.Comments.ListAsync(CommentTarget.OfPullRequest(7)));
        using var other = Open("[null]");
        await Assert.ThrowsAsync<ForgeException>(() => other.PullRequests.FindOpenAsync("change"));
    }

    private static void Check(string whole, Func<string, string> wrap, Func<IForge, Task> ask) => DocumentDamage.Check<ForgeException>(Encoding.UTF8.GetBytes(whole), json =>
    {
        using var forge = Open(wrap(Encoding.UTF8.GetString(json)));
        ask(forge).GetAwaiter().GetResult();
    });

    private static IForge Open(string answer) => ForgeProviders.Open(
        new ForgeAddress { Vendor = "github", ApiUrl = new Uri("https://api.forge.example"), Repository = ForgeFixture.Slug, Token = "t" },
        new ForgeOptions(), new FixedAnswer(answer));

    private sealed class FixedAnswer(string text) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json"), RequestMessage = request });
    }
}
