using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Testing;

namespace Ci.Forges.Tests;

/// <summary>GitLab's answers come from outside: whichever is damaged ends in the room's exception, or is as good as the whole one.</summary>
public sealed class GitLabDamagedAnswerTests
{
    [Fact]
    public void A_damaged_merge_request_is_read_or_refused() => Check("merge-request", forge => forge.PullRequests.GetAsync(3));

    [Fact]
    public void A_damaged_list_of_notes_is_read_or_refused() => Check("notes", forge => forge.Comments.ListAsync(3));

    [Fact]
    public void A_damaged_discussion_of_a_commit_is_read_or_refused() => Check("commit-discussions", forge => forge.Comments.ListAsync(CommentTarget.OfCommit(new string('a', 40))));

    [Fact]
    public void A_damaged_list_of_statuses_is_read_or_refused() => Check("commit-statuses", forge => forge.Checks.ListAsync(new string('a', 40)));

    [Fact]
    public void A_damaged_list_of_approvals_is_read_or_refused() => Check("approvals", forge => forge.Reviews!.ListAsync(3), "/approvals");

    [Fact]
    public void A_damaged_list_of_uploads_is_read_or_refused() => Check("uploads", forge => forge.Assets!.PruneAsync("pull/3"), "/uploads");

    [Fact]
    public async Task A_list_that_never_ends_is_left()
    {
        using var forge = Open(_ => Answer("[]", "1"));

        Assert.Contains("has no end", (await Assert.ThrowsAsync<ForgeException>(() => forge.Comments.ListAsync(3))).Message, StringComparison.Ordinal);
    }

    // Of a list its first item is damaged.
    private static void Check(string fixture, Func<IForge, Task> ask, string damagedAt = "")
    {
        var whole = JsonNode.Parse(File.ReadAllText(RepositoryRoot.At("tests", "Fixtures", "gitlab", fixture + ".json")))!;
        var list = whole as JsonArray;
        DocumentDamage.Check<ForgeException>(Encoding.UTF8.GetBytes((list is null ? whole : list[0]!).ToJsonString()), json =>
        {
            var text = Encoding.UTF8.GetString(json);
            using var forge = Open(path => Answer(!path.Contains(damagedAt, StringComparison.Ordinal) ? "[]" : list is null ? text : $"[{text}]"));
            ask(forge).GetAwaiter().GetResult();
        });
    }

    private static HttpResponseMessage Answer(string text, string? next = null)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        if (next is not null)
            answer.Headers.Add("X-Next-Page", next);
        return answer;
    }

    private static IForge Open(Func<string, HttpResponseMessage> answer) => ForgeProviders.Open(
        new ForgeAddress { Vendor = "gitlab", ApiUrl = new Uri("https://gitlab.example/api/v4"), Repository = "acme/m", Token = "t" }, new ForgeOptions(), new Fixed(answer));

    private sealed class Fixed(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request.RequestUri!.PathAndQuery));
    }
}
