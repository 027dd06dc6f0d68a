using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>Telemetry goes where blobs come from: through the proxy.</summary>
public sealed class MailboxProxyTests
{
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
