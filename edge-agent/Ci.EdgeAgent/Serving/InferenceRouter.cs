using Ci.EdgeAgent.Status;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Which path means what. Written by hand: a dozen paths need no routing machinery on a device.</summary>
internal sealed class InferenceRouter(IReadOnlyList<ServedModel> models, InferenceEndpoint inference, AgentPages pages)
{
    private const string ModelsPrefix = "/v2/models/";

    public Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        // No closure may capture the request here: it would be allocated for every inference.
        return path.StartsWith(ModelsPrefix, StringComparison.Ordinal) ? ModelAsync(http, path.AsSpan(ModelsPrefix.Length)) : PageAsync(http, path);
    }

    private Task PageAsync(HttpContext http, string path)
    {
        Func<HttpContext, Task>? answer = path switch
        {
            "/" => pages.PageAsync,
            "/status" => pages.StatusAsync,
            "/metrics" => pages.MetricsAsync,
            "/v2" or "/v2/" => ServerAsync,
            "/v2/health/live" => h => HealthAsync(h, "live", true),
            "/v2/health/ready" => h => HealthAsync(h, "ready", models.All(m => m.Slot.Current is not null)),
            _ => null,
        };
        if (answer is null)
            return HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"there is nothing at {path}");
        return IsRead(http) ? answer(http) : NotAllowed(http, "GET, HEAD");
    }

    private Task ModelAsync(HttpContext http, ReadOnlySpan<char> rest)
    {
        var model = Find(Take(ref rest));
        string? version = null;
        if (rest.StartsWith("versions/", StringComparison.Ordinal))
        {
            rest = rest["versions/".Length..];
            version = Take(ref rest).ToString();
        }

        if (model is null)
            return NoSuchModel(http);
        return rest switch
        {
            "infer" => HttpMethods.IsPost(http.Request.Method) ? inference.AnswerAsync(http, model, version) : NotAllowed(http, "POST"),
            "ready" => IsRead(http) ? ReadyAsync(http, model, version) : NotAllowed(http, "GET, HEAD"),
            "" => IsRead(http) ? MetadataAsync(http, model, version) : NotAllowed(http, "GET, HEAD"),
            _ => HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"there is nothing at {http.Request.Path.Value}"),
        };
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

    private static bool IsRead(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    private Task NoSuchModel(HttpContext http) =>
        HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"there is no such model; this device has {string.Join(", ", models.Select(m => m.Name))}");

    private static Task NotAllowed(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return HttpReply.ErrorAsync(http, StatusCodes.Status405MethodNotAllowed, $"{http.Request.Path.Value} answers {allowed} only");
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

    private static Task ServerAsync(HttpContext http) => HttpReply.JsonAsync(http, StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, "edge-agent");
        writer.WriteString("version"u8, AgentVersion.Number);
        writer.WriteStartArray("extensions"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

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
            if (version is not null && version != generation.Version)
                return HttpReply.ErrorAsync(http, StatusCodes.Status404NotFound, $"the model {model.Name} serves the version {generation.Version}, not {version}");
            var (name, number, inputs, outputs, release) = (model.Name, generation.Version, generation.Instance.Inputs, generation.Instance.Outputs, generation.Release);
            return HttpReply.JsonAsync(http, StatusCodes.Status200OK, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, name);
                writer.WriteStartArray("versions"u8);
                writer.WriteStringValue(number);
                writer.WriteEndArray();
                writer.WriteString("platform"u8, "onnx_onnxv1");
                WriteTensors(writer, "inputs", inputs);
                WriteTensors(writer, "outputs", outputs);
                writer.WriteStartObject("properties"u8);
                writer.WriteString("release"u8, release);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }
        finally
        {
            generation.GiveBack();
        }
    }

    private static void WriteTensors(System.Text.Json.Utf8JsonWriter writer, string name, IReadOnlyList<TensorInfo> tensors)
    {
        writer.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, tensor.Name);
            writer.WriteString("datatype"u8, tensor.Datatype ?? tensor.ElementType.ToString());
            writer.WriteStartArray("shape"u8);
            foreach (var dimension in tensor.Shape)
                writer.WriteNumberValue(dimension);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
