using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Ci.Testing.Network;

/// <summary>A web server of a test's own on a free loopback port: one function answers, or a folder is served as static sites serve one.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<string> requests = new();

    private LoopbackServer(WebApplication app) => this.app = app;

    public Uri Address => new(this.app.Urls.First());

    /// <summary>Method, target and body of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => this.requests;

    /// <summary>Answers every request by the function.</summary>
    public static Task<LoopbackServer> StartAsync(Func<HttpContext, string, Task> answer) => StartAsync(answer, null);

    /// <summary>Serves files with ranges and ETags; the check comes first and may answer itself (true).</summary>
    public static Task<LoopbackServer> ServeAsync(string folder, Func<HttpContext, bool>? check = null) =>
        StartAsync((context, _) => Task.FromResult(context.Response.StatusCode = 404), new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder, Microsoft.Extensions.FileProviders.Physical.ExclusionFilters.None), ServeUnknownFileTypes = true }, check);

    public async ValueTask DisposeAsync() => await this.app.DisposeAsync();

    private static async Task<LoopbackServer> StartAsync(Func<HttpContext, string, Task> answer, StaticFileOptions? files, Func<HttpContext, bool>? check = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var server = new LoopbackServer(web);
        web.Use(async (context, next) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            context.Items["body"] = body;
            server.requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body}".TrimEnd());
            if (check?.Invoke(context) != true)
                await next(context);
        });
        if (files is not null)
            web.UseStaticFiles(files);
        web.Run(context => answer(context, (string)context.Items["body"]!));
        await web.StartAsync();
        return server;
    }
}
