using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>An answer that is an error, in GitHub's shape.</summary>
internal sealed class ApiProblem(int status, string message, JsonArray? errors = null) : Exception(message)
{
    public int Status { get; } = status;

    public JsonObject Body
    {
        get
        {
            var body = new JsonObject { ["message"] = this.Message, ["documentation_url"] = "https://docs.github.com/rest", ["status"] = $"{this.Status}" };
            if (errors is not null)
                body["errors"] = errors.DeepClone();
            return body;
        }
    }

    public static ApiProblem NotFound() => new(404, "Not Found");

    public static ApiProblem Invalid(string resource, string field, string message, string code = "custom") =>
        new(422, "Validation Failed", [new JsonObject { ["resource"] = resource, ["code"] = code, ["field"] = field, ["message"] = message }]);
}
