using System.Net;
using System.Xml;

namespace Ci.Storage.AzureBlobs;

/// <summary>What the service says when it refuses: a code in a header and, where there is a body, a message in XML.</summary>
internal sealed record AzureError(string Code, string Message)
{
    public static async Task<AzureError> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var code = response.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : "";
        var text = await WebCalls.ReadTextAsync(response, ct);
        return new AzureError(code.Length > 0 ? code : Element(text, "Code"), Element(text, "Message").Split('\n', 2)[0].Trim());
    }

    public StorageException ToException(AzureClient client, string what, AzureRight right, HttpResponseMessage response, TimeProvider time)
    {
        var status = (int)response.StatusCode;
        var said = $"{client.Description} answered {status} {(this.Code.Length > 0 ? this.Code : response.ReasonPhrase)} for {what}{(this.Message.Length > 0 ? $": {this.Message}" : "")}";
        return (response.StatusCode, this.Code) switch
        {
            (HttpStatusCode.NotFound, "ContainerNotFound") => new AzureContainerMissingException($"{client.Description} does not exist; make the container, or check the address"),
            (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) => new StorageRefusedException($"{said}; {this.Advice(client.Credential, right, response, time)}"),
            // Another writer is at it (a lease, blocks of an upload that was overtaken): the same call may succeed a moment later.
            (HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed, _) or (HttpStatusCode.BadRequest, "InvalidBlockList") => new StorageUnavailableException(said),
            (HttpStatusCode.BadRequest, "Md5Mismatch") => new StorageUnavailableException($"{said}; the bytes were damaged on the way"),
            _ when WebCalls.IsTransient(status) => new StorageUnavailableException(said) { RetryAfter = WebCalls.RetryAfter(response, time) },
            _ => new StorageRefusedException(said),
        };
    }

    private static string Element(string text, string name)
    {
        if (!text.Contains('<', StringComparison.Ordinal))
            return "";
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\ufeff')), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return reader.ReadToFollowing(name) ? reader.ReadElementContentAsString() : "";
        }
        catch (XmlException)
        {
            return "";
        }
    }

    private string Advice(IAzureCredential credential, AzureRight right, HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.Date is { } theirs && (theirs - time.GetUtcNow()).Duration() > TimeSpan.FromMinutes(5))
            return $"this machine's clock differs from the service's by {(theirs - time.GetUtcNow()).Duration().TotalMinutes:0} minutes: set it right";
        return credential switch
        {
            AnonymousAccess => $"no credential is set and the container is not public: set `account_name` and `account_key`, `sas_token` or `connection_string` (with `mlops remote modify --local`), or the AZURE_… variables",
            SharedAccessSignature => $"{credential.Description} does not grant the right to {right.What} (`sp` needs {right.Sas}), or it has expired",
            SharedKey => $"{credential.Description} was not accepted: copy it again, and check that it belongs to this account",
            _ => $"{credential.Description} needs the right to {right.What}: give it the role `{right.Role}` on the container",
        };
    }
}
