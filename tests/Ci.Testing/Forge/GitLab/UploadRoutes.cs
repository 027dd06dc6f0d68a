using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>Uploads: everybody in the project makes them, only maintainers list and delete them, and no list tells a secret.</summary>
internal static class UploadRoutes
{
    public static ApiAnswer List(GitLabCall call) => call.Page(
        [.. call.Forge.StateOf(call.Project).Uploads.OrderByDescending(u => u.At).ThenByDescending(u => u.Id).Select(u => GitLabShapes.UploadEntry(call.Forge, u))]);

    public static ApiAnswer Create(GitLabCall call)
    {
        var file = call.File ?? throw GitLabProblem.Error(400, "file is missing");
        var id = call.Forge.NextId();
        var name = Regex.Replace(file.Name, "[^A-Za-z0-9._+-]", "_", RegexOptions.None, TimeSpan.FromSeconds(1));
        var upload = new GitLabUploaded(id, GitLabShapes.HexOf($"upload {id}", 32), name, file.ContentType, file.Content, call.Login, call.Now);
        call.Forge.StateOf(call.Project).Uploads.Add(upload);
        return ApiAnswer.Created(GitLabShapes.Upload(call.Project, upload));
    }

    public static ApiAnswer Delete(GitLabCall call) =>
        call.Forge.StateOf(call.Project).Uploads.RemoveAll(u => u.Id == call.RouteNumber("upload")) > 0 ? ApiAnswer.Nothing : throw GitLabProblem.NotFound("Upload");

    /// <summary>GET /projects/:id/uploads/:secret/:filename, with a token; the page's address serves whoever may see the project.</summary>
    public static async Task ServeAsync(HttpContext context, GitLabSimulator forge, SimulatedRepository? project, string secret, string name)
    {
        var upload = project is null ? null : forge.StateOf(project).Uploads.Find(u => u.Secret == secret && u.FileName == name);
        if (upload is null)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync(new JsonObject { ["message"] = "404 Not found" }.ToJsonString());
            return;
        }

        context.Response.ContentType = upload.ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(upload.Content);
    }
}
