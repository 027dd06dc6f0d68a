using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>Raw files and Git over HTTP.</summary>
internal static class SimulatorFiles
{
    /// <summary>The bytes of a file at a commit, as raw addresses give them.</summary>
    public static async Task RawAsync(GitHubSimulator forge, HttpContext context)
    {
        string Part(string name) => context.Request.RouteValues[name] as string ?? "";
        var repository = forge.Find($"{Part("owner")}/{Part("name")}");
        SimulatorServer.TryIdentify(forge, context, out var token);
        var found = repository is null || (repository.IsPrivate && token is null)
            ? null
            : GitProcess.Try(repository.Path, null, null, "cat-file", "blob", $"{Part("sha")}:{Part("path")}");
        if (found is not { ExitCode: 0 })
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentType = Path.GetExtension(Part("path")) switch
        {
            ".svg" => "image/svg+xml",
            ".png" => "image/png",
            _ => "text/plain; charset=utf-8",
        };
        await context.Response.Body.WriteAsync(found.Output);
    }

    /// <summary>Smart HTTP: anyone reads public repositories, tokens with contents=write push.</summary>
    public static async Task GitAsync(GitHubSimulator forge, HttpContext context)
    {
        var owner = context.Request.RouteValues["owner"] as string;
        var name = context.Request.RouteValues["name"] as string ?? "";
        var slug = $"{owner}/{(name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name)}";
        var service = context.Request.Path.Value!.EndsWith("/info/refs", StringComparison.Ordinal)
            ? context.Request.Query["service"].ToString()
            : context.Request.Path.Value.Split('/')[^1];
        var writes = service == "git-receive-pack";
        var known = SimulatorServer.TryIdentify(forge, context, out var token);
        var repository = forge.Find(slug);
        if (!known || (token is null && (writes || repository is null or { IsPrivate: true })))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
            return;
        }

        if (repository is null || (writes && !token!.May(Area.Contents, Access.Write)))
        {
            context.Response.StatusCode = repository is null ? 404 : 403;
            await context.Response.WriteAsync(repository is null ? "Repository not found." : $"Permission to {slug}.git denied to {token!.Login}.");
            return;
        }

        var rest = "/" + string.Join('/', context.Request.Path.Value.Split('/')[3..]);
        var refused = repository.Protections.Where(p => !p.Value.MayPush.Contains(token?.Login ?? "", StringComparer.Ordinal)).Select(p => p.Key);
        await GitHttpBackend.ServeAsync(context, forge.Folder, $"/{repository.Slug}.git{rest}", token?.Login, refused);
    }
}
