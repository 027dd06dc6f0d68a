using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Ci.EdgeAgent.Serving;

/// <summary>The few shapes in which the listener answers.</summary>
internal static class HttpReply
{
    public const string JsonType = "application/json";

    /// <summary>The protocol's error object: <c>{"error": "…"}</c>.</summary>
    public static Task ErrorAsync(HttpContext http, int status, string message, int? retryAfterSeconds = null)
    {
        if (retryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return JsonAsync(http, status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error"u8, message);
            writer.WriteEndObject();
        });
    }

    public static Task JsonAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return BytesAsync(http, status, JsonType, buffer.WrittenMemory);
    }

    public static Task TextAsync(HttpContext http, string contentType, string text) =>
        BytesAsync(http, StatusCodes.Status200OK, contentType, Encoding.UTF8.GetBytes(text));

    public static Task BytesAsync(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> bytes)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return Task.CompletedTask;
        var written = http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }
}
