using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>Whole agents whose channels come well and whose blobs do not: the update waits, says why, and arrives when the store is well again.</summary>
public sealed class NetworkStoreTests
{
    [Theory]
    [InlineData("portal", "web page")]
    [InlineData("gone", "no blob")]
    [InlineData("missing", "no blob")]
    [InlineData("denied", "403")]
    [InlineData("ill", "500")]
    [InlineData("busy", "503")]
    [InlineData("short", "does not come")]
    [InlineData("ranges", "another range")]
    [InlineData("reset", "")]
    public async Task Whatever_the_store_answers_is_told_and_refuses_nothing(string kind, string words)
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync(",\"fetch\":{\"attempts\":1}");
        world.Lie = context => context.Request.Path.Value!.Contains("sha256", StringComparison.Ordinal) && Answer(context, kind);
        await world.PublishAsync(world.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await agent.UntilAsync(s => s.WhyNot is { } told && (told.Contains("does not come", StringComparison.Ordinal) || told.Contains("cannot be had", StringComparison.Ordinal)));
        var why = agent.Status.WhyNot!;
        Assert.Contains(words, why, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Empty(agent.Status.Refusals);
        world.Lie = null;
        await agent.ServesAsync("2.0.0");
    }

    private static bool Answer(HttpContext context, string kind)
    {
        if (kind == "reset")
        {
            context.Abort();
            return true;
        }

        (context.Response.StatusCode, var body) = kind switch
        {
            "portal" => (200, "<!doctype html><html>Please log in</html>"),
            "gone" => (410, ""),
            "missing" => (404, ""),
            "denied" => (403, ""),
            "ill" => (500, ""),
            "busy" => (503, ""),
            "ranges" => (206, "x"),
            _ => (200, "short"),
        };
        if (kind == "short")
            context.Response.ContentLength = 1000;
        context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask().Wait();
        if (kind == "short")
            context.Abort();
        return true;
    }
}
