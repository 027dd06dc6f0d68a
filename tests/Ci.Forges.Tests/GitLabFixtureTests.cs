using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ci.Forges.GitLab;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Forges.Tests;

/// <summary>GitLab's documented answers (tests/Fixtures/gitlab) hold the simulator to GitLab's shapes, and our types to GitLab's.</summary>
public sealed class GitLabFixtureTests
{
    private const string P = "projects/acme%2Fml%2Fenergy-load";

    [Theory]
    [InlineData("user", "GET", "user")]
    [InlineData("project", "GET", P)]
    [InlineData("branches", "GET", P + "/repository/branches")]
    [InlineData("merge-requests", "GET", P + "/merge_requests")]
    [InlineData("merge-request", "GET", P + "/merge_requests/1")]
    [InlineData("merge-request", "PUT", P + "/merge_requests/1", """{"title": "x"}""")]
    [InlineData("merge-request", "PUT", P + "/merge_requests/1/merge", """{"squash": true}""")]
    [InlineData("notes", "GET", P + "/merge_requests/1/notes")]
    [InlineData("note", "POST", P + "/merge_requests/1/notes", """{"body": "x"}""")]
    [InlineData("commit-discussions", "GET", P + "/repository/commits/SHA/discussions")]
    [InlineData("commit-discussion", "POST", P + "/repository/commits/SHA/discussions", """{"body": "x"}""")]
    [InlineData("commit-status", "POST", P + "/statuses/SHA", """{"state": "pending"}""")]
    [InlineData("commit-statuses", "GET", P + "/repository/commits/SHA/statuses")]
    [InlineData("uploads", "GET", P + "/uploads")]
    [InlineData("approvals", "GET", P + "/merge_requests/1/approvals")]
    [InlineData("reviewers", "GET", P + "/merge_requests/1/reviewers")]
    [InlineData("versions", "GET", P + "/merge_requests/1/versions")]
    [InlineData("pipelines", "GET", P + "/pipelines")]
    [InlineData("pipeline", "POST", P + "/pipeline", """{"ref": "main"}""")]
    [InlineData("pipeline", "POST", P + "/pipelines/51/retry")]
    [InlineData("rebase", "PUT", P + "/merge_requests/1/rebase")]
    [InlineData("error-message", "GET", "projects/acme%2Fnone")]
    [InlineData("error-conflict", "POST", P + "/merge_requests", """{"title": "x", "source_branch": "change", "target_branch": "main"}""")]
    [InlineData("error-insufficient-scope", "POST", P + "/merge_requests/1/notes", """{"body": "x"}""", true)]
    public async Task The_simulator_answers_in_GitLabs_shape(string fixtureName, string method, string path, string? body = null, bool asReader = false)
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        await PopulateAsync(fixture);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{fixture.Forge.ApiUrl}/{path.Replace("SHA", fixture.HeadSha, StringComparison.Ordinal)}");
        request.Headers.Add("PRIVATE-TOKEN", asReader ? fixture.Forge.AddReader("eve") : fixture.Forge.JobToken);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await http.SendAsync(request);
        var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal(fixtureName.StartsWith("error-", StringComparison.Ordinal), !answer.IsSuccessStatusCode);
        Same(Fixture(fixtureName), said, fixtureName);
    }

    [Fact]
    public async Task The_simulator_answers_an_upload_and_a_job_in_GitLabs_shape()
    {
        await using var fixture = await VendorFixture.StartAsync("gitlab");
        using var http = new HttpClient();
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2]), "file", "a b.svg" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{fixture.Forge.ApiUrl}/{P}/uploads") { Content = form };
        request.Headers.Add("PRIVATE-TOKEN", fixture.Forge.JobToken);
        using var answer = await http.SendAsync(request);
        var upload = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Same(Fixture("upload"), upload, "upload");
        Assert.EndsWith("/a_b.svg", upload["url"]!.GetValue<string>(), StringComparison.Ordinal);

        using var ask = new HttpRequestMessage(HttpMethod.Get, $"{fixture.Forge.ApiUrl}/job");
        ask.Headers.Add("JOB-TOKEN", ((GitLabSimulator)fixture.Forge).AddJobToken());
        using var job = await http.SendAsync(ask);
        Same(Fixture("job"), JsonNode.Parse(await job.Content.ReadAsStringAsync())!, "job");
    }

    [Fact]
    public void Our_types_read_GitLabs_documented_answers()
    {
        var json = GitLabJson.Default;
        Assert.Equal("ada", Read("user", json.GitLabUser).Username);
        Assert.Equal("ada", Read("job", json.GitLabRunningJob).User.Username);
        Assert.Equal(("main", "merge", "default_off"), (Read("project", json.GitLabProject).DefaultBranch, Read("project", json.GitLabProject).MergeMethod, Read("project", json.GitLabProject).SquashOption));
        Assert.True(Read("branches", json.GitLabBranchArray)[0].Default);
        Assert.Equal((3, "opened", "lags", new string('a', 40)), Read("merge-request", json.GitLabMergeRequest) is var merge ? (merge.Iid, merge.State, merge.SourceBranch, merge.Sha!) : default);
        Assert.Equal("mergeable", Read("merge-requests", json.GitLabMergeRequestArray)[0].DetailedMergeStatus);
        Assert.Equal([false, true], Read("notes", json.GitLabNoteArray).Select(n => n.System));
        Assert.Equal(1126, Read("commit-discussions", json.GitLabDiscussionArray)[0].Notes[0].Id);
        Assert.Equal(1126, Read("commit-discussion", json.GitLabDiscussion).Notes[0].Id);
        Assert.Equal("success", Read("commit-status", json.GitLabStatus).Status);
        Assert.EndsWith("/a.svg", Read("upload", json.GitLabUpload).FullPath, StringComparison.Ordinal);
        Assert.Equal([5L, 4L], Read("uploads", json.GitLabUploadEntryArray).Select(u => u.Id));
        Assert.NotNull(Read("approvals", json.GitLabApprovals).ApprovedBy[0].ApprovedAt);
        Assert.Equal("approved", Read("reviewers", json.GitLabReviewerArray)[0].State);
        Assert.Equal(new string('a', 40), Read("versions", json.GitLabVersionArray)[0].HeadCommitSha);
        Assert.Equal(9001, Read("pipeline", json.GitLabPipeline).Id);
        Assert.Equal("api", Read("error-insufficient-scope", json.GitLabScopeRefusal).Scope);
    }

    // So that no list is empty and nothing that could be an object is null.
    private static async Task PopulateAsync(VendorFixture fixture)
    {
        var gitlab = (GitLabSimulator)fixture.Forge;
        using var forge = fixture.Open();
        gitlab.Project(fixture.Slug).Pipelines.Add(new GitLabPipelineRun(51, "refs/merge-requests/1/head", fixture.HeadSha, "merge_request_event", new Dictionary<string, string>()));
        gitlab.Approve(fixture.Slug, 1, "eve");
        await forge.Comments.CreateAsync(CommentTarget.OfCommit(fixture.HeadSha), "x");
        await forge.Assets!.PublishAsync("commits", "a.svg", "<svg/>"u8.ToArray(), "image/svg+xml");
        await forge.Checks.PutAsync(new CheckRun { Name = "mlops/verdict", HeadSha = fixture.HeadSha, Status = CheckStatus.Completed, Conclusion = CheckConclusion.Success, Title = "better" });
    }

    private static void Same(JsonNode expected, JsonNode actual, string where)
    {
        Assert.True(expected.GetValueKind() == actual.GetValueKind() || (IsTruth(expected) && IsTruth(actual)), $"{where}: GitLab says {expected.GetValueKind()}, the simulator {actual.GetValueKind()}");
        if (expected is JsonArray items && items[0] is JsonObject first)
        {
            var other = actual.AsArray();
            Assert.True(other.Count > 0, $"{where}: the simulator's list is empty");
            Same(first, other[0]!, where + "[0]");
        }

        if (expected is not JsonObject members)
            return;
        Assert.Equal(members.Select(m => m.Key).Order(StringComparer.Ordinal), actual.AsObject().Select(m => m.Key).Order(StringComparer.Ordinal));
        foreach (var (name, value) in members)
        {
            if (value is not null && actual[name] is { } other && !(value is JsonArray { Count: 0 }))
                Same(value, other, $"{where}.{name}");
        }
    }

    private static bool IsTruth(JsonNode node) => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static T Read<T>(string name, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Fixture(name), type)!;

    private static JsonNode Fixture(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "Fixtures", "gitlab", name + ".json")))!;
}
