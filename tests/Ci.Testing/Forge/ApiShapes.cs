using System.Globalization;
using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>GitHub's JSON for what the simulator holds.</summary>
internal static class ApiShapes
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject User(string login, string schema = "simple-user") => GitHubShapes.Of(schema, new()
    {
        ["login"] = login,
        ["id"] = StableId(login),
        ["type"] = login.EndsWith("[bot]", StringComparison.Ordinal) ? "Bot" : "User",
        ["site_admin"] = false,
    });

    public static JsonObject Repository(GitHubSimulator forge, SimulatedRepository repository) => GitHubShapes.Of("full-repository", new()
    {
        ["id"] = StableId(repository.Slug),
        ["name"] = repository.Slug.Split('/')[1],
        ["full_name"] = repository.Slug,
        ["private"] = repository.IsPrivate,
        ["owner"] = User(repository.Owner),
        ["html_url"] = Page(forge, repository, ""),
        ["url"] = $"{forge.ApiUrl}/repos/{repository.Slug}",
        ["clone_url"] = forge.GitUrl(repository.Slug),
        ["default_branch"] = "main",
        ["fork"] = false,
    });

    public static JsonObject Comment(GitHubSimulator forge, SimulatedRepository repository, SimulatedComment comment) => GitHubShapes.Of(comment.Commit is null ? "issue-comment" : "commit-comment", new()
    {
        ["id"] = comment.Id,
        ["body"] = comment.Body,
        ["user"] = User(comment.Author),
        ["created_at"] = Time(comment.CreatedAt),
        ["updated_at"] = Time(comment.UpdatedAt),
        ["html_url"] = comment.PullRequest is { } number
            ? Page(forge, repository, $"/pull/{number}#issuecomment-{comment.Id}")
            : Page(forge, repository, $"/commit/{comment.Commit}#commitcomment-{comment.Id}"),
        ["commit_id"] = comment.Commit,
        ["author_association"] = "NONE",
    });

    public static JsonObject Pull(GitHubSimulator forge, SimulatedRepository repository, SimulatedPull pull, bool whole)
    {
        var head = new JsonObject
        {
            ["label"] = $"{repository.Owner}:{pull.Head}",
            ["ref"] = pull.Head,
            ["sha"] = pull.HeadSha,
            ["repo"] = pull.ForkOf is { } fork ? SimulatedFork.Shape(Repository(forge, repository), fork) : Repository(forge, repository),
        };
        var shape = new JsonObject
        {
            ["id"] = pull.Id,
            ["number"] = pull.Number,
            ["state"] = pull.IsOpen ? "open" : "closed",
            ["draft"] = pull.IsDraft,
            ["title"] = pull.Title,
            ["body"] = pull.Body,
            ["user"] = User(pull.Author),
            ["html_url"] = Page(forge, repository, $"/pull/{pull.Number}"),
            ["url"] = $"{forge.ApiUrl}/repos/{repository.Slug}/pulls/{pull.Number}",
            ["head"] = head,
            ["base"] = new JsonObject
            {
                ["label"] = $"{repository.Owner}:{pull.Base}", ["ref"] = pull.Base, ["sha"] = pull.BaseSha, ["repo"] = Repository(forge, repository),
            },
            ["merge_commit_sha"] = pull.MergeCommitSha,
            ["merged_at"] = pull.MergedAt is { } at ? Time(at) : null,
            ["created_at"] = Time(pull.CreatedAt),
            ["updated_at"] = Time(pull.UpdatedAt),
        };
        if (whole)
        {
            shape["merged"] = pull.MergedAt is not null;
            shape["mergeable"] = pull.Mergeable;
            shape["merged_by"] = pull.MergedBy is { } login ? User(login) : null;
        }

        return GitHubShapes.Of(whole ? "pull-request" : "pull-request-simple", shape);
    }

    public static JsonObject CheckRun(GitHubSimulator forge, SimulatedRepository repository, SimulatedCheck check) => GitHubShapes.Of("check-run", new()
    {
        ["id"] = check.Id,
        ["name"] = check.Name,
        ["external_id"] = check.ExternalId,
        ["head_sha"] = check.HeadSha,
        ["status"] = check.Status,
        ["conclusion"] = check.Conclusion,
        ["started_at"] = Time(check.At),
        ["completed_at"] = check.Status == "completed" ? Time(check.At) : null,
        ["details_url"] = check.DetailsUrl,
        ["html_url"] = Page(forge, repository, $"/runs/{check.Id}"),
        ["output"] = check.Output.DeepClone(),
        ["app"] = new JsonObject
        {
            ["id"] = StableId(check.Author), ["slug"] = check.Author.Replace("[bot]", "", StringComparison.Ordinal), ["node_id"] = "A_1", ["name"] = check.Author,
            ["owner"] = User("github"), ["description"] = null, ["external_url"] = "https://forge.test/", ["html_url"] = "https://forge.test/",
            ["created_at"] = Time(check.At), ["updated_at"] = Time(check.At), ["permissions"] = new JsonObject(), ["events"] = new JsonArray(),
        },
    });

    public static JsonObject Status(SimulatedCheck check) => GitHubShapes.Of("status", new()
    {
        ["id"] = check.Id,
        ["url"] = "https://forge.test/",
        ["context"] = check.Name,
        ["state"] = check.Conclusion,
        ["description"] = check.Description,
        ["target_url"] = check.DetailsUrl,
        ["creator"] = User(check.Author),
        ["created_at"] = Time(check.At),
        ["updated_at"] = Time(check.At),
    });

    public static string Page(GitHubSimulator forge, SimulatedRepository repository, string rest) =>
        $"{forge.ServerUrl.AbsoluteUri.TrimEnd('/')}/{repository.Slug}{rest}";

    private static long StableId(string text)
    {
        var hash = 17L;
        foreach (var c in text)
            hash = ((hash * 31) + c) % 99_999_989;
        return hash + 1;
    }
}
