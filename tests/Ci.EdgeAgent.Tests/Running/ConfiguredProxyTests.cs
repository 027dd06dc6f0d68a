using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Sources;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>What goes through the proxy beside blobs: telemetry, and the deploy repository.</summary>
public sealed class ConfiguredProxyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_deploy_repository_is_asked_through_the_configured_proxy_unless_its_host_is_named(bool through)
    {
        using var deployment = new Deployment();
        await using var proxy = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var configuration = deployment.Configure();
        configuration = configuration with { SourceGit = "http://forge.invalid/deploy.git", Fetch = configuration.Fetch with { Proxy = proxy.Address.AbsoluteUri, NoProxy = through ? null : "forge.invalid" } };
        await using var agent = await RunningAgent.StartAsync(configuration);
        await agent.UntilAsync(s => s.SourceError is not null);
        Assert.Equal(through, proxy.Requests.Any(r => r.StartsWith("GET /deploy.git/info/refs", StringComparison.Ordinal)));
    }

    [Fact]
    public void None_keeps_git_from_every_proxy_of_its_environment()
    {
        Assert.Equal("*", GitProxy.Of(new FetchSettings { Proxy = "none", NoProxy = "a.example" })["no_proxy"]);
        Assert.Empty(GitProxy.Of(new FetchSettings()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mailbox_behind_the_configured_proxy_gets_its_telemetry_and_none_goes_around_it(bool through)
    {
        using var deployment = new Deployment();
        var arrived = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var proxy = await LoopbackServer.StartAsync((context, _) =>
        {
            // As proxies do: it takes any host, here one that no resolver knows.
            if (context.Request.Method == "PUT" && context.Request.Host.Host == "mailbox.invalid")
                arrived.TrySetResult(context.Request.Path);
            context.Response.StatusCode = context.Request.Method == "PUT" ? 200 : 404;
            context.Response.Headers.ETag = "\"1\"";
            return Task.CompletedTask;
        });
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure();
        configuration = configuration with { MailboxStore = "s3://box/fleet", MailboxSeconds = 0.2, Fetch = configuration.Fetch with { Proxy = proxy.Address.AbsoluteUri, NoProxy = through ? null : "mailbox.invalid" } };
        await using var agent = await RunningAgent.StartAsync(configuration, environment: new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = "http://mailbox.invalid", ["AWS_ACCESS_KEY_ID"] = "id", ["AWS_SECRET_ACCESS_KEY"] = "secret", ["AWS_REGION"] = "us-east-1",
        });
        await agent.ServesAsync("1.0.0");
        if (through)
            Assert.StartsWith("/box/fleet/telemetry/production/breast-mlp/device-1/", await arrived.Task.WaitAsync(TimeSpan.FromSeconds(15)), StringComparison.Ordinal);
        else
            Assert.True(await Support.EventuallyAsync(() => Task.FromResult(agent.Agent.Status().TelemetryError?.Contains("mailbox.invalid", StringComparison.Ordinal) == true)), agent.Agent.Status().TelemetryError);
        Assert.Equal(through, proxy.Requests.Count > 0);
    }
}
