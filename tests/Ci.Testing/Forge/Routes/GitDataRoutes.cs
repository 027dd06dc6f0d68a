using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Git's objects and refs over the API.</summary>
internal static class GitDataRoutes
{
    public static ApiAnswer GetRef(ApiCall call)
    {
        call.Need(Access.Read, Area.Contents);
        var name = "refs/" + call.Route("reference");
        return Ref(name, Lookup(call, name) ?? throw ApiProblem.NotFound());
    }

    public static ApiAnswer CreateRef(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var (name, sha) = (call.Text("ref"), call.Text("sha"));
        if (name.Split('/') is not ["refs", _, _, ..] || GitProcess.Try(call.Repository.Path, null, null, "check-ref-format", name).ExitCode != 0)
            throw new ApiProblem(422, "Reference name must contain at least three slash-separated components.");
        Known(call, sha);
        if (Lookup(call, name) is not null)
            throw new ApiProblem(422, "Reference already exists");
        call.Repository.Git("update-ref", name, sha, new string('0', 40));
        return ApiAnswer.Created(Ref(name, sha));
    }

    public static ApiAnswer UpdateRef(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var (name, sha) = ("refs/" + call.Route("reference"), call.Text("sha"));
        Known(call, sha);
        var old = Lookup(call, name) ?? throw new ApiProblem(422, "Reference does not exist");
        if (call.Body["force"]?.GetValue<bool>() != true && !call.Repository.IsAncestor(old, sha))
            throw new ApiProblem(422, "Update is not a fast forward");
        if (name.StartsWith("refs/heads/", StringComparison.Ordinal) && call.Repository.Protections.ContainsKey(name["refs/heads/".Length..]))
            throw new ApiProblem(422, "Changes must be made through a pull request.");
        call.Repository.Git("update-ref", name, sha, old);
        return Ref(name, sha);
    }

    public static ApiAnswer DeleteRef(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var name = "refs/" + call.Route("reference");
        if (Lookup(call, name) is null)
            throw new ApiProblem(422, "Reference does not exist");
        call.Repository.Git("update-ref", "-d", name);
        return ApiAnswer.Nothing;
    }

    public static ApiAnswer CreateBlob(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var content = call.Text("content");
        var bytes = call.OptionalText("encoding") switch
        {
            "base64" => Decode(content),
            null or "utf-8" => Encoding.UTF8.GetBytes(content),
            _ => throw ApiProblem.Invalid("Blob", "encoding", "encoding must be utf-8 or base64", "invalid"),
        };
        return ApiAnswer.Created(GitHubShapes.Of("short-blob", new JsonObject { ["sha"] = Write(call, bytes) }));
    }

    public static ApiAnswer GetBlob(ApiCall call)
    {
        call.Need(Access.Read, Area.Contents);
        var bytes = GitProcess.Try(call.Repository.Path, null, null, "cat-file", "blob", call.Route("sha"));
        return bytes.ExitCode != 0 ? throw ApiProblem.NotFound() : new JsonObject
        {
            ["sha"] = call.Route("sha"), ["size"] = bytes.Output.Length, ["encoding"] = "base64", ["content"] = Convert.ToBase64String(bytes.Output),
        };
    }

    public static ApiAnswer CreateTree(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        if (call.Body["tree"] is not JsonArray entries)
            throw new ApiProblem(422, "Invalid request.\n\n\"tree\" wasn't supplied.");
        // A private index gives nested paths for nothing.
        var index = Path.Combine(call.Repository.Path, $"index-{call.Forge.NextId()}");
        var variables = new Dictionary<string, string> { ["GIT_INDEX_FILE"] = index };
        try
        {
            if (call.OptionalText("base_tree") is { } start)
                Git(call, variables, null, "read-tree", start);
            var lines = new StringBuilder();
            foreach (var entry in entries.OfType<JsonObject>())
            {
                var sha = entry["content"] is { } text ? Write(call, Encoding.UTF8.GetBytes(text.GetValue<string>())) : entry["sha"]?.GetValue<string>();
                lines.Append(CultureInfo.InvariantCulture, $"{(sha is null ? "0" : entry["mode"])} {sha ?? new string('0', 40)}\t{entry["path"]}\0");
            }

            Git(call, variables, Encoding.UTF8.GetBytes(lines.ToString()), "update-index", "-z", "--index-info");
            return ApiAnswer.Created(Tree(call, Git(call, variables, null, "write-tree"), recursive: false));
        }
        finally
        {
            File.Delete(index);
        }
    }

    public static ApiAnswer GetTree(ApiCall call)
    {
        call.Need(Access.Read, Area.Contents);
        return Tree(call, call.Route("sha"), call.Query("recursive") is not null);
    }

    public static ApiAnswer CreateCommit(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var parents = (call.Body["parents"] as JsonArray ?? []).Select(p => p!.GetValue<string>()).ToArray();
        var variables = new Dictionary<string, string>();
        foreach (var role in new[] { "AUTHOR", "COMMITTER" })
        {
            variables[$"GIT_{role}_NAME"] = call.Login;
            variables[$"GIT_{role}_EMAIL"] = $"{call.Login}@users.noreply.forge.test";
        }

        string[] arguments = ["commit-tree", call.Text("tree"), .. parents.SelectMany(p => new[] { "-p", p }), "-F", "-"];
        return ApiAnswer.Created(Commit(call, Git(call, variables, Encoding.UTF8.GetBytes(call.Text("message")), arguments)));
    }

    public static ApiAnswer GetCommit(ApiCall call)
    {
        call.Need(Access.Read, Area.Contents);
        return Commit(call, call.Repository.Resolve(call.Route("sha")) ?? throw ApiProblem.NotFound());
    }

    private static JsonObject Commit(ApiCall call, string sha)
    {
        var parts = call.Repository.Git("show", "--no-patch", "--format=%T%n%P%n%B", sha).Split('\n', 3);
        return GitHubShapes.Of("git-commit", new JsonObject
        {
            ["sha"] = sha,
            ["tree"] = new JsonObject { ["sha"] = parts[0] },
            ["parents"] = new JsonArray([.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => (JsonNode)new JsonObject { ["sha"] = p, ["url"] = "https://forge.test/", ["html_url"] = "https://forge.test/" })]),
            ["message"] = parts[2].TrimEnd('\n'),
        });
    }

    private static JsonObject Tree(ApiCall call, string tree, bool recursive)
    {
        string[] arguments = recursive ? ["ls-tree", "-z", "-r", "-t", tree] : ["ls-tree", "-z", tree];
        var listed = GitProcess.Try(call.Repository.Path, null, null, arguments);
        if (listed.ExitCode != 0)
            throw ApiProblem.NotFound();
        var entries = new JsonArray();
        foreach (var line in Encoding.UTF8.GetString(listed.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (facts, path) = (line.Split('\t')[0].Split(' '), line.Split('\t', 2)[1]);
            entries.Add((JsonNode)new JsonObject { ["path"] = path, ["mode"] = facts[0], ["type"] = facts[1], ["sha"] = facts[2] });
        }

        return GitHubShapes.Of("git-tree", new JsonObject { ["sha"] = tree, ["tree"] = entries, ["truncated"] = false });
    }

    private static string Git(ApiCall call, IReadOnlyDictionary<string, string> variables, byte[]? input, params string[] arguments)
    {
        var outcome = GitProcess.Try(call.Repository.Path, input, variables, arguments);
        return outcome.ExitCode == 0 ? outcome.Text : throw new ApiProblem(422, outcome.Error.Trim());
    }

    private static string Write(ApiCall call, byte[] bytes) => GitProcess.Run(call.Repository.Path, bytes, ["hash-object", "-w", "--stdin"]);

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw ApiProblem.Invalid("Blob", "content", "content is not valid Base64", "invalid");
        }
    }

    private static void Known(ApiCall call, string sha)
    {
        if (call.Repository.Resolve(sha) is null)
            throw new ApiProblem(422, "Object does not exist");
    }

    private static string? Lookup(ApiCall call, string name)
    {
        var outcome = GitProcess.Try(call.Repository.Path, null, null, "rev-parse", "--quiet", "--verify", "--end-of-options", name);
        return outcome.ExitCode == 0 ? outcome.Text : null;
    }

    private static JsonObject Ref(string name, string sha) =>
        GitHubShapes.Of("git-ref", new() { ["ref"] = name, ["object"] = new JsonObject { ["sha"] = sha, ["type"] = "commit" } });
}
