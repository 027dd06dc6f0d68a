using Ci.Testing.Forge;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Network;

/// <summary>Serves the bare repositories of a folder over HTTP as forges do, by Git's own program; may be made to lie.</summary>
public sealed class GitServer : IAsyncDisposable
{
    private LoopbackServer server = null!;

    /// <summary>Comes before every answer; true: it was the answer.</summary>
    public Func<HttpContext, bool>? Lie { get; set; }

    public int Port => this.server.Address.Port;

    /// <summary>Method and target of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => this.server.Requests;

    public static async Task<GitServer> StartAsync(string folder)
    {
        var made = new GitServer();
        made.server = await LoopbackServer.StartAsync((context, body) => made.AnswerAsync(context, body, folder));
        return made;
    }

    public ValueTask DisposeAsync() => this.server.DisposeAsync();

    private Task AnswerAsync(HttpContext context, string body, string folder)
    {
        if (this.Lie?.Invoke(context) == true)
            return Task.CompletedTask;
        context.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body)); // the server has read it; a small fetch asks in plain text
        return GitHttpBackend.ServeAsync(context, folder, context.Request.Path.Value!, login: null, refused: []);
    }
}
