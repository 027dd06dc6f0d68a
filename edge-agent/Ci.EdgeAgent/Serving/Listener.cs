using Ci.EdgeAgent.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Ci.EdgeAgent.Serving;

/// <summary>Kestrel with one handler. The empty builder reads no appsettings, no ASPNETCORE variables and starts no timers of its own.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication app;

    private Listener(WebApplication app) => this.app = app;

    /// <summary>Where it really listens: a configured port 0 is replaced by the one that was given.</summary>
    public string Address { get; private set; } = "";

    public static async Task<Listener> StartAsync(AgentConfiguration configuration, InferenceRouter router, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(configuration.Listen);

        // A read at once, not a wait for data first: one system call less a request, for 4 KiB a connection.
        builder.WebHost.UseSockets(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = configuration.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = Math.Max(256, configuration.MaxConcurrency * 4L);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(configuration.Health.DrainSeconds));
        var built = builder.Build();
        built.Run(router.AnswerAsync);
        var listener = new Listener(built);
        try
        {
            await built.StartAsync(ct);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await built.DisposeAsync();
            throw new EdgeAgentException($"cannot listen on {configuration.Listen}: {error.Message}; choose another `listen` or stop who holds it", error);
        }

        listener.Address = built.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return listener;
    }

    /// <summary>Accepts nothing new and waits for what is under way.</summary>
    public Task DrainAsync(CancellationToken ct = default) => app.StopAsync(ct);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
