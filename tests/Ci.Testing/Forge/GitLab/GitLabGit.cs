using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>Git over HTTP: anyone reads public projects, tokens of developers push, job tokens read.</summary>
internal static class GitLabGit
{
    private static readonly string[] Services = ["/info/refs", "/git-upload-pack", "/git-receive-pack"];

    public static async Task ServeAsync(GitLabSimulator forge, HttpContext context)
    {
        var path = context.Request.RouteValues["path"] as string ?? "";
        var rest = Services.FirstOrDefault(s => path.EndsWith(s, StringComparison.Ordinal));
        var slug = rest is null ? path : path[..^rest.Length];
        if (slug.EndsWith(".git", StringComparison.Ordinal))
            slug = slug[..^4];
        if (rest is null || forge.Find(slug) is not { } project)
        {
            context.Response.StatusCode = 404;
            return;
        }

        var writes = rest == "/git-receive-pack" || context.Request.Query["service"] == "git-receive-pack";
        var known = GitLabServer.TryIdentify(forge, context, out var token);
        if (!known || (token is null && (writes || project.IsPrivate)))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitLab\"";
            return;
        }

        if (writes && (token!.IsJob || token.Role < GitLabRole.Developer || !token.Reaches(writes: true)))
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("You are not allowed to push code to this project.");
            return;
        }

        var refused = project.Protections.Where(p => !p.Value.MayPush.Contains(token?.Login ?? "", StringComparer.Ordinal)).Select(p => p.Key);
        await GitHttpBackend.ServeAsync(context, forge.Folder, $"/{project.Slug}.git{rest}", token?.Login, refused);
    }
}
