using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>GitLab's JSON for what the simulator holds; tests hold it against the documented answers in tests/Fixtures/gitlab.</summary>
internal static class GitLabShapes
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string HexOf(string text, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];

    public static long StableId(string text) => (Convert.ToInt64(HexOf(text, 12), 16) % 99_999_989) + 1;

    public static JsonObject User(GitLabSimulator forge, string login) => new()
    {
        ["id"] = StableId(login),
        ["username"] = login,
        ["name"] = login,
        ["state"] = "active",
        ["avatar_url"] = null,
        ["web_url"] = $"{forge.ServerUrl.AbsoluteUri}{login}",
    };

    public static JsonObject Project(GitLabSimulator forge, SimulatedRepository project) => new()
    {
        ["id"] = StableId(project.Slug),
        ["name"] = project.Slug.Split('/')[^1],
        ["path_with_namespace"] = project.Slug,
        ["default_branch"] = "main",
        ["visibility"] = project.IsPrivate ? "private" : "public",
        ["web_url"] = $"{forge.ServerUrl.AbsoluteUri}{project.Slug}",
        ["http_url_to_repo"] = forge.GitUrl(project.Slug),
        ["merge_method"] = forge.StateOf(project).MergeMethod,
        ["squash_option"] = forge.StateOf(project).SquashOption,
        ["only_allow_merge_if_pipeline_succeeds"] = project.Protections.Values.Any(p => p.RequiredChecks.Count > 0),
    };

    public static JsonObject Note(SimulatedRepository project, SimulatedComment note, SimulatedPull? pull) => new()
    {
        ["id"] = note.Id,
        ["type"] = note.Commit is null ? null : "DiscussionNote",
        ["body"] = note.Body,
        ["attachment"] = null,
        ["author"] = new JsonObject
        {
            ["id"] = StableId(note.Author), ["username"] = note.Author, ["name"] = note.Author, ["state"] = "active", ["avatar_url"] = null, ["web_url"] = "https://gitlab.test/" + note.Author,
        },
        ["created_at"] = Time(note.CreatedAt),
        ["updated_at"] = Time(note.UpdatedAt),
        ["system"] = note.IsSystem,
        ["noteable_id"] = pull?.Id,
        ["noteable_type"] = pull is null ? "Commit" : "MergeRequest",
        ["project_id"] = StableId(project.Slug),
        ["noteable_iid"] = pull?.Number,
        ["resolvable"] = false,
        ["confidential"] = false,
        ["internal"] = false,
        ["imported"] = false,
        ["imported_from"] = "none",
    };

    public static JsonObject Discussion(SimulatedRepository project, IEnumerable<SimulatedComment> notes)
    {
        var all = notes.ToList();
        return new()
        {
            ["id"] = all[0].Discussion,
            ["individual_note"] = false,
            ["notes"] = new JsonArray([.. all.Select(n => Note(project, n, null))]),
        };
    }

    public static string State(SimulatedPull pull) => pull.IsOpen ? "opened" : pull.MergedAt is not null ? "merged" : "closed";

    /// <summary>Why it cannot be merged, or "mergeable".</summary>
    public static string DetailedStatus(GitLabSimulator forge, SimulatedRepository project, SimulatedPull pull)
    {
        if (!pull.IsOpen)
            return "not_open";
        if (pull.IsDraft)
            return "draft_status";
        if (pull.Mergeable is null)
            return "checking";
        if (pull.Mergeable == false)
            return "conflict";
        if (forge.StateOf(project).MergeMethod == "ff" && !project.IsAncestor(pull.BaseSha, pull.HeadSha))
            return "need_rebase";
        return project.Protections.TryGetValue(pull.Base, out var rules) ? Obey(project, pull, rules) : "mergeable";
    }

    public static JsonObject MergeRequest(GitLabSimulator forge, SimulatedRepository project, SimulatedPull pull, bool whole) =>
        GitLabMergeRequestShape.Of(forge, project, pull, whole);

    public static JsonObject Approvals(GitLabSimulator forge, SimulatedRepository project, SimulatedPull pull, string asker)
    {
        var required = project.Protections.TryGetValue(pull.Base, out var rules) ? rules.RequiredApprovals : 0;
        var approvals = pull.Reviews.Where(r => r.State == "APPROVED").ToList();
        return new()
        {
            ["id"] = pull.Id,
            ["iid"] = pull.Number,
            ["project_id"] = StableId(project.Slug),
            ["title"] = pull.Title,
            ["description"] = pull.Body,
            ["state"] = State(pull),
            ["created_at"] = Time(pull.CreatedAt),
            ["updated_at"] = Time(pull.UpdatedAt),
            ["merge_status"] = pull.Mergeable == false ? "cannot_be_merged" : "can_be_merged",
            ["approved"] = approvals.Count >= required,
            ["approvals_required"] = required,
            ["approvals_left"] = Math.Max(0, required - approvals.Count),
            ["user_has_approved"] = approvals.Exists(r => r.Author == asker),
            ["user_can_approve"] = asker != pull.Author,
            ["approved_by"] = new JsonArray([.. approvals.Select(r => Approval(forge, project, r))]),
        };
    }

    public static JsonObject Reviewer(GitLabSimulator forge, SimulatedReview review) => new()
    {
        ["user"] = User(forge, review.Author),
        ["state"] = review.State switch { "APPROVED" => "approved", "CHANGES_REQUESTED" => "requested_changes", _ => "reviewed" },
        ["created_at"] = Time(review.SubmittedAt),
    };

    public static JsonObject Version(SimulatedPull pull, (string Sha, DateTimeOffset At) version, int index) => new()
    {
        ["id"] = (pull.Id * 100) + index,
        ["head_commit_sha"] = version.Sha,
        ["base_commit_sha"] = pull.BaseSha,
        ["start_commit_sha"] = pull.BaseSha,
        ["created_at"] = Time(version.At),
        ["merge_request_id"] = pull.Id,
        ["state"] = "collected",
        ["real_size"] = "1",
        ["patch_id_sha"] = HexOf(version.Sha, 40),
    };

    public static JsonObject Status(GitLabSimulator forge, SimulatedCheck check) => new()
    {
        ["id"] = check.Id,
        ["sha"] = check.HeadSha,
        ["ref"] = "main",
        ["status"] = check.Conclusion,
        ["name"] = check.Name,
        ["target_url"] = check.DetailsUrl,
        ["description"] = check.Description,
        ["created_at"] = Time(check.At),
        ["started_at"] = check.Status == "queued" ? null : Time(check.At),
        ["finished_at"] = check.Status == "completed" ? Time(check.At) : null,
        ["allow_failure"] = false,
        ["coverage"] = null,
        ["pipeline_id"] = long.Parse(check.ExternalId!, CultureInfo.InvariantCulture),
        ["author"] = User(forge, check.Author),
    };

    // Below a path the address holds that path too: it is made by the web application's own routes.
    public static JsonObject Upload(SimulatedRepository project, GitLabUploaded upload) => new()
    {
        ["id"] = upload.Id,
        ["alt"] = System.IO.Path.GetFileNameWithoutExtension(upload.FileName),
        ["url"] = $"/uploads/{upload.Secret}/{upload.FileName}",
        ["full_path"] = $"{GitLabSimulator.Below}/-/project/{StableId(project.Slug)}/uploads/{upload.Secret}/{upload.FileName}",
        ["markdown"] = $"![{System.IO.Path.GetFileNameWithoutExtension(upload.FileName)}](/uploads/{upload.Secret}/{upload.FileName})",
    };

    public static JsonObject UploadEntry(GitLabSimulator forge, GitLabUploaded upload) => new()
    {
        ["id"] = upload.Id,
        ["size"] = upload.Content.Length,
        ["filename"] = upload.FileName,
        ["created_at"] = Time(upload.At),
        ["uploaded_by"] = new JsonObject { ["id"] = StableId(upload.Login), ["name"] = upload.Login, ["username"] = upload.Login },
    };

    public static JsonObject Pipeline(GitLabSimulator forge, SimulatedRepository project, GitLabPipelineRun pipeline, bool whole)
    {
        var shape = new JsonObject
        {
            ["id"] = pipeline.Id,
            ["iid"] = pipeline.Id - 1_000,
            ["project_id"] = StableId(project.Slug),
            ["status"] = "pending",
            ["source"] = pipeline.Source,
            ["ref"] = pipeline.Ref,
            ["sha"] = pipeline.Sha,
            ["name"] = null,
            ["web_url"] = $"{forge.ServerUrl.AbsoluteUri}{project.Slug}/-/pipelines/{pipeline.Id}",
            ["created_at"] = Time(forge.Now()),
            ["updated_at"] = Time(forge.Now()),
        };
        if (!whole)
            return shape;
        foreach (var name in new[] { "yaml_errors", "started_at", "finished_at", "committed_at", "duration", "coverage" })
            shape[name] = null;
        shape["before_sha"] = new string('0', 40);
        shape["tag"] = false;
        shape["queued_duration"] = 0.01;
        shape["user"] = User(forge, forge.JobLogin);
        return shape;
    }

    private static JsonObject Approval(GitLabSimulator forge, SimulatedRepository project, SimulatedReview review)
    {
        var shape = new JsonObject { ["user"] = User(forge, review.Author) };
        if (forge.StateOf(project).SaysWhenApproved)
            shape["approved_at"] = Time(review.SubmittedAt);
        return shape;
    }

    private static string Obey(SimulatedRepository project, SimulatedPull pull, Protection rules)
    {
        // "Pipelines must succeed" knows no names: every status of the head counts.
        var statuses = project.CheckList.FindAll(c => c.HeadSha == pull.HeadSha).GroupBy(c => c.Name).Select(g => g.Last()).ToList();
        if (rules.RequiredChecks.Count > 0 && statuses.Exists(s => s.Status != "completed"))
            return "ci_still_running";
        if (rules.RequiredChecks.Any(n => statuses.TrueForAll(s => s.Name != n)) || (rules.RequiredChecks.Count > 0 && statuses.Exists(s => !s.Passes)))
            return "ci_must_pass";
        if (pull.Reviews.Exists(r => r.State == "CHANGES_REQUESTED"))
            return "requested_changes";
        return pull.Reviews.Count(r => r.State == "APPROVED") < rules.RequiredApprovals ? "not_approved" : "mergeable";
    }
}
