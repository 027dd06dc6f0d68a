using Ci.EdgeAgent.Serving.Grpc;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Serving;

/// <summary>Which path means what. Written by hand: a dozen paths need no routing machinery on a device.</summary>
internal sealed class InferenceRouter(IReadOnlyList<ServedModel> served, InferenceEndpoint inference, AgentPages pages, GrpcEndpoint grpc)
{
    // Arrays here and in the table of routes: walking a list through its interface allocates an enumerator for every inference.
    private readonly ServedModel[] models = [.. served];

    public Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        // No closure may capture the request here: it would be allocated for every inference.
        if (path.StartsWith(ServedRoutes.ModelsPrefix, StringComparison.Ordinal))
            return ModelAsync(http, path.AsSpan(ServedRoutes.ModelsPrefix.Length));
        return path.StartsWith(GrpcEndpoint.Prefix, StringComparison.Ordinal) ? grpc.AnswerAsync(http, path) : PageAsync(http, path);
    }

    private Task PageAsync(HttpContext http, string path)
    {
        var wanted = path == "/v2/" ? ServedRoutes.Server.Path : path;
        var route = ServedRoutes.Fixed.FirstOrDefault(r => r.Path == wanted);
        if (route is null)
            return HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"there is nothing at {path}; /openapi.json says what there is");
        if (!route.Takes(http.Request.Method))
            return NotAllowed(http, route);
        if (route == ServedRoutes.Page)
            return pages.PageAsync(http);
        if (route == ServedRoutes.Status)
            return pages.StatusAsync(http);
        if (route == ServedRoutes.Metrics)
            return pages.MetricsAsync(http);
        if (route == ServedRoutes.OpenApi)
            return HttpReply.JsonAsync(http, StatusCodes.Status200OK, writer => OpenApiDocument.Write(writer, models));
        if (route == ServedRoutes.Server)
            return HttpReply.JsonAsync(http, StatusCodes.Status200OK, ProtocolDocuments.Server);
        return route == ServedRoutes.Live ? HealthAsync(http, "live", true) : HealthAsync(http, "ready", models.All(m => m.Slot.Current is not null));
    }

    private Task ModelAsync(HttpContext http, ReadOnlySpan<char> rest)
    {
        var name = Take(ref rest);
        string? version = null;
        if (rest.StartsWith(ServedRoutes.VersionsPrefix, StringComparison.Ordinal))
        {
            rest = rest[ServedRoutes.VersionsPrefix.Length..];
            version = Take(ref rest).ToString();
        }

        ServedRoute? route = null;
        foreach (var candidate in ServedRoutes.OfModel)
        {
            if (rest.SequenceEqual(candidate.Path.AsSpan().TrimStart('/')))
                route = candidate;
        }

        if (Find(name) is not { } model)
            return HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"there is no such model; this device has {string.Join(", ", models.Select(m => m.Name))}");
        if (route is null)
            return HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"there is nothing at {http.Request.Path.Value}; /openapi.json says what there is");
        if (!route.Takes(http.Request.Method))
            return NotAllowed(http, route);
        if (route == ServedRoutes.Infer)
            return inference.AnswerAsync(http, model, version);
        return route == ServedRoutes.ModelReady ? ReadyAsync(http, model, version) : MetadataAsync(http, model, version);
    }

    private ServedModel? Find(ReadOnlySpan<char> name)
    {
        foreach (var model in models)
        {
            if (name.SequenceEqual(model.Name))
                return model;
        }

        return null;
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest)
    {
        var slash = rest.IndexOf('/');
        var segment = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? [] : rest[(slash + 1)..];
        return segment;
    }

    private static Task NotAllowed(HttpContext http, ServedRoute route)
    {
        http.Response.Headers.Allow = route.Allowed;
        return HttpReply.ErrorAsync(http, StatusCodes.Status405MethodNotAllowed, $"{http.Request.Path.Value} answers {route.Allowed} only");
    }

    private static Task HealthAsync(HttpContext http, string what, bool holds)
    {
        if (!holds)
            http.Response.Headers.RetryAfter = "1";
        return HttpReply.JsonAsync(http, holds ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean(what, holds);
            writer.WriteEndObject();
        });
    }

    private static Task ReadyAsync(HttpContext http, ServedModel model, string? version)
    {
        var current = model.Slot.Current;
        if (current is not null && version is not null && version != current.Version)
            return HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"the model {model.Name} serves the version {current.Version}, not {version}");
        return HealthAsync(http, "ready", current is not null);
    }

    private static Task MetadataAsync(HttpContext http, ServedModel model, string? version)
    {
        if (model.Slot.Lease() is not { } generation)
            return HttpReply.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, $"the model {model.Name} is not ready: {model.Board.WhyNotServing}", 1);
        try
        {
            return version is not null && version != generation.Version
                ? HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"the model {model.Name} serves the version {generation.Version}, not {version}")
                : HttpReply.JsonAsync(http, StatusCodes.Status200OK, writer => ProtocolDocuments.Model(writer, model.Name, generation));
        }
        finally
        {
            generation.GiveBack();
        }
    }
}
