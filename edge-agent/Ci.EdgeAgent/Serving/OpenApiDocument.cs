using System.Text.Json;
using Ci.EdgeAgent.Generations;

namespace Ci.EdgeAgent.Serving;

/// <summary>OpenAPI 3.0.3 of what is served now: the table of routes, and each model's own paths with the shapes that it takes and gives.</summary>
internal static class OpenApiDocument
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ServedModel> models)
    {
        writer.WriteStartObject();
        writer.WriteString("openapi"u8, "3.0.3");
        writer.WriteStartObject("info"u8);
        writer.WriteString("title"u8, "edge-agent");
        writer.WriteString("version"u8, AgentVersion.Number);
        writer.WriteString("description"u8, "The Open Inference Protocol v2 with the binary tensor data extension, and what the agent says of itself.");
        writer.WriteEndObject();
        writer.WriteStartObject("paths"u8);
        foreach (var route in ServedRoutes.Fixed)
            WritePath(writer, route, route.Path, route.Id, model: null, hasVersion: false);
        foreach (var model in models)
        {
            foreach (var hasVersion in new[] { false, true })
            {
                foreach (var route in ServedRoutes.OfModel)
                    WritePath(writer, route, $"{ServedRoutes.ModelsPrefix}{model.Name}{(hasVersion ? $"/{ServedRoutes.VersionsPrefix}{{version}}" : "")}{route.Path}", $"{route.Id}.{model.Name}{(hasVersion ? ".version" : "")}", model.Name, hasVersion);
            }
        }

        writer.WriteEndObject();
        writer.WriteStartObject("components"u8);
        writer.WriteStartObject("schemas"u8);
        OpenApiSchemas.Write(writer);
        foreach (var model in models)
            WriteModel(writer, model);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter writer, ServedModel model)
    {
        var generation = model.Slot.Lease();
        try
        {
            OpenApiSchemas.Request(writer, RequestSchema(model.Name), generation?.Instance.Inputs, generation?.Instance.Outputs);
            OpenApiSchemas.Response(writer, ResponseSchema(model.Name), generation?.Instance.Outputs);
        }
        finally
        {
            generation?.GiveBack();
        }
    }

    private static string RequestSchema(string model) => $"{model}.inference_request";

    private static string ResponseSchema(string model) => $"{model}.inference_response";

    private static void WritePath(Utf8JsonWriter writer, ServedRoute route, string path, string id, string? model, bool hasVersion)
    {
        writer.WriteStartObject(path);
        writer.WriteStartObject(route.Method.ToLowerInvariant());
        writer.WriteString("operationId"u8, id);
        writer.WriteString("summary"u8, route.Summary);
        if (hasVersion)
            WriteVersion(writer);
        if (route == ServedRoutes.Infer)
            WriteBody(writer, RequestSchema(model!));
        writer.WriteStartObject("responses"u8);
        WriteResponse(writer, 200, "OK", route.ContentType, route == ServedRoutes.Infer ? ResponseSchema(model!) : route.Schema, route == ServedRoutes.Infer);
        foreach (var status in route.Statuses)
            WriteResponse(writer, status, Reason(status), HttpReply.JsonType, status == StatusCodes.Status503ServiceUnavailable && route != ServedRoutes.Infer ? "not_ready" : "error", alsoBinary: false);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("parameters"u8);
        writer.WriteStartObject();
        writer.WriteString("name"u8, "version");
        writer.WriteString("in"u8, "path");
        writer.WriteBoolean("required"u8, true);
        writer.WriteStartObject("schema"u8);
        writer.WriteString("type"u8, "string");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteBody(Utf8JsonWriter writer, string schema)
    {
        writer.WriteStartObject("requestBody"u8);
        writer.WriteBoolean("required"u8, true);
        writer.WriteStartObject("content"u8);
        WriteContent(writer, HttpReply.JsonType, schema);
        WriteContent(writer, InferenceEndpoint.BinaryType, schema: null);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter writer, int status, string description, string contentType, string? schema, bool alsoBinary)
    {
        writer.WriteStartObject(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("description"u8, description);
        writer.WriteStartObject("content"u8);
        WriteContent(writer, contentType, schema);
        if (alsoBinary)
            WriteContent(writer, InferenceEndpoint.BinaryType, schema: null);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Bytes or text where there is no schema.</summary>
    private static void WriteContent(Utf8JsonWriter writer, string contentType, string? schema)
    {
        writer.WriteStartObject(contentType);
        writer.WriteStartObject("schema"u8);
        if (schema is not null)
        {
            writer.WriteString("$ref"u8, $"#/components/schemas/{schema}");
        }
        else
        {
            writer.WriteString("type"u8, "string");
            if (contentType == InferenceEndpoint.BinaryType)
                writer.WriteString("format"u8, "binary");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Reason(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is not what the model takes.",
        StatusCodes.Status404NotFound => "There is no such model, or it serves another version.",
        StatusCodes.Status408RequestTimeout => "The body did not come in time.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than the limit.",
        StatusCodes.Status415UnsupportedMediaType => "The body is compressed.",
        StatusCodes.Status422UnprocessableEntity => "The model has no answer that JSON can carry.",
        StatusCodes.Status429TooManyRequests => "Too many requests at once; see Retry-After.",
        StatusCodes.Status500InternalServerError => "The model failed.",
        StatusCodes.Status503ServiceUnavailable => "Not ready, or no room; see Retry-After.",
        StatusCodes.Status504GatewayTimeout => "No run began in time, or it took too long.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "a status without words"),
    };
}
