using System.Net;
using Ci.EdgeAgent.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ci.EdgeAgent.Serving;

/// <summary>Kestrel with one handler. The empty builder reads no appsettings, no ASPNETCORE variables and starts no timers of its own.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(30);
    private const int MostQuietTimes = 10;
    private readonly WebApplication app;
    private readonly InferenceRouter router;
    private volatile bool draining;
    private int askedWhileDraining;

    private Listener(WebApplication app, InferenceRouter router) => (this.app, this.router) = (app, router);

    /// <summary>Where it really listens: a configured port 0 is replaced by the one that was given.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Where HTTP/2 is spoken; null where it is not.</summary>
    public string? GrpcAddress { get; private set; }

    public static async Task<Listener> StartAsync(AgentConfiguration configuration, InferenceRouter router, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();

        // A read at once, not a wait for data first: one system call less a request, for 4 KiB a connection.
        builder.WebHost.UseSockets(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, configuration));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(configuration.Health.DrainSeconds));
        var built = builder.Build();
        var listener = new Listener(built, router);
        built.Run(listener.AnswerAsync);
        try
        {
            await built.StartAsync(ct);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await built.DisposeAsync();
            var places = configuration.GrpcListen is { } grpc ? $"{configuration.Listen} and {grpc}" : configuration.Listen;
            throw new EdgeAgentException($"cannot listen on {places}: {error.Message}; choose another `listen` (`grpcListen`) or stop who holds it", error);
        }

        var addresses = built.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        (listener.Address, listener.GrpcAddress) = (addresses.First(), configuration.GrpcListen is null ? null : addresses.Last());
        return listener;
    }

    private static void Configure(KestrelServerOptions kestrel, AgentConfiguration configuration)
    {
        var limits = configuration.Limits;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = configuration.MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = Math.Max(limits.MaxConnections, configuration.MaxConcurrency);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeaderSeconds);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        kestrel.Limits.Http2.MaxStreamsPerConnection = configuration.MaxConcurrency;
        Listen(kestrel, configuration.Listen, HttpProtocols.Http1);

        // Without TLS nothing negotiates, so HTTP/2 has a place of its own, where clients begin with it at once.
        if (configuration.GrpcListen is { } grpc)
            Listen(kestrel, grpc, HttpProtocols.Http2);
    }

    private static void Listen(KestrelServerOptions kestrel, string address, HttpProtocols protocols)
    {
        var place = BindingAddress.Parse(address);
        if (IPAddress.TryParse(place.Host.Trim('[', ']'), out var ip))
            kestrel.Listen(ip, place.Port, Speak);
        else if (place.Host == "localhost" && place.Port != 0)
            kestrel.ListenLocalhost(place.Port, Speak);
        else if (place.Host == "localhost")
            kestrel.Listen(IPAddress.Loopback, 0, Speak); // Kestrel binds no free port to two families
        else
            kestrel.ListenAnyIP(place.Port, Speak); // as with its own addresses, any other name means any interface

        void Speak(ListenOptions options) => options.Protocols = protocols;
    }

    /// <summary>
    /// Asks every client that is heard from to take a new connection next time, then accepts nothing new and waits for what is under way. A
    /// connection that were closed without that word would take the request with it that its client is just sending.
    /// </summary>
    public async Task DrainAsync(TimeProvider time, CancellationToken ct = default)
    {
        draining = true;
        for (var (times, before) = (0, -1); times < MostQuietTimes && before != Volatile.Read(ref askedWhileDraining); times++)
        {
            before = Volatile.Read(ref askedWhileDraining);
            await Task.Delay(QuietTime, time, ct);
        }

        await app.StopAsync(ct);
    }

    private Task AnswerAsync(HttpContext http)
    {
        if (draining)
        {
            Interlocked.Increment(ref askedWhileDraining);
            if (!HttpProtocol.IsHttp2(http.Request.Protocol)) // which says it in its own way
                http.Response.Headers.Connection = "close";
        }

        return router.AnswerAsync(http);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
