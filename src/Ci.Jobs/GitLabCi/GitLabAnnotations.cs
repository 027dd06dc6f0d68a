using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Jobs.GitLabCi;

/// <summary>
/// The file of <c>artifacts:reports:annotations</c>, which GitLab shows as links beside the job's log: links are all that it knows, so each
/// leads to the line. https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsannotations
/// </summary>
internal sealed class GitLabAnnotations(JobEnvironment world, string blobs)
{
    private const string Group = "mlops";
    private const int LongestLabel = 255;
    private const int LongestAddress = 2048;
    private const int Most = 50;

    public void Add(AnnotationLevel level, string? file, int? line, string title)
    {
        if (world.Text("MLOPS_ANNOTATIONS") is not { } path || file is null)
            return;
        var address = $"{blobs}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}{(line is { } number ? $"#L{number}" : "")}";
        var document = this.Read(path);
        if (address.Length > LongestAddress || document[Group] is not JsonArray links || links.Count >= Most)
            return;
        var label = LogText.Line($"{level.ToString().ToLowerInvariant()}: {title}");
        links.Add((JsonNode)new JsonObject
        {
            ["external_link"] = new JsonObject { ["label"] = label.Length <= LongestLabel ? label : label[..(LongestLabel - 1)] + "…", ["url"] = address },
        });
        File.WriteAllText(path, document.ToJsonString() + "\n");
    }

    // Several commands of a job add to one file; what is no such file is begun anew.
    private JsonObject Read(string path)
    {
        try
        {
            if (world.ReadFile(path) is { } text && JsonNode.Parse(text) is JsonObject found && found[Group] is JsonArray)
                return found;
        }
        catch (JsonException)
        {
            // Ours is whole, for it is written at once: this was another's.
        }

        return new JsonObject { [Group] = new JsonArray() };
    }
}
