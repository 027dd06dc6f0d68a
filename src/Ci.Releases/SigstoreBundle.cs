using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Releases;

/// <summary>
/// The parts of a Sigstore bundle that the model-signing specification uses (schemas: bundle and envelope v1.0). Reading checks structure
/// only; nothing in it is believed before its signature is verified.
/// </summary>
internal sealed record SigstoreBundle
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string PayloadType = "application/vnd.in-toto+json";

    private const int MaxBytes = 4 << 20;
    private const string MediaTypePrefix = "application/vnd.dev.sigstore.bundle";

    /// <summary>"key", "certificate" or "sigstore".</summary>
    public required string Method { get; init; }

    /// <summary>The named key of the key method; null for the others and for bundles older than hints.</summary>
    public required string? KeyHint { get; init; }

    public required byte[] Payload { get; init; }

    public required byte[] Signature { get; init; }

    public static SigstoreBundle Read(ReadOnlySpan<byte> utf8)
    {
        var root = Documents.ParseObject(utf8, MaxBytes, RefusalCode.SignatureInvalid, "the signature bundle");
        OnlyFields(root, "the signature bundle", "mediaType", "verificationMaterial", "dsseEnvelope");
        var mediaType = Text(root, "mediaType");
        if (!mediaType.StartsWith(MediaTypePrefix, StringComparison.Ordinal))
            throw Bad($"mediaType {Names.Quote(mediaType)} is not a Sigstore bundle");
        var (method, hint) = ReadMaterial(Map(root, "verificationMaterial"));

        var envelope = Map(root, "dsseEnvelope");
        OnlyFields(envelope, "dsseEnvelope", "payload", "payloadType", "signatures");
        var payloadType = Text(envelope, "payloadType");
        if (payloadType != PayloadType)
            throw Bad($"payloadType {Names.Quote(payloadType)} is not {PayloadType}");
        // The Sigstore bundle format allows exactly one signature in its envelope.
        if (envelope["signatures"] is not JsonArray { Count: 1 } signatures || signatures[0] is not JsonObject signature)
            throw Bad("the envelope must hold exactly one signature");
        OnlyFields(signature, "the signature", "sig", "keyid");
        return new SigstoreBundle
        {
            Method = method,
            KeyHint = hint,
            Payload = Base64(envelope, "payload"),
            Signature = Base64(signature, "sig"),
        };
    }

    public static JsonObject Write(string keyHint, byte[] payload, byte[] signature) => new()
    {
        ["mediaType"] = MediaType,
        ["verificationMaterial"] = new JsonObject
        {
            ["publicKey"] = new JsonObject { ["hint"] = keyHint },
            ["tlogEntries"] = new JsonArray(),
        },
        ["dsseEnvelope"] = new JsonObject
        {
            ["payload"] = Convert.ToBase64String(payload),
            ["payloadType"] = PayloadType,
            ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(signature), ["keyid"] = "" }),
        },
    };

    private static (string Method, string? Hint) ReadMaterial(JsonObject material)
    {
        var kinds = new[] { "publicKey", "x509CertificateChain", "certificate" }.Where(material.ContainsKey).ToArray();
        if (kinds.Length != 1)
            throw Bad("verificationMaterial must hold exactly one of publicKey, x509CertificateChain and certificate");
        switch (kinds[0])
        {
            case "publicKey":
                var key = Map(material, "publicKey");
                if (key["hint"] is null && key["rawBytes"] is null)
                    throw Bad("publicKey has neither a hint nor rawBytes");
                return ("key", key["hint"] is null ? null : Text(key, "hint"));
            case "x509CertificateChain":
                return Map(material, "x509CertificateChain")["certificates"] is JsonArray { Count: > 0 }
                    ? ("certificate", null)
                    : throw Bad("x509CertificateChain holds no certificate");
            default:
                return material["tlogEntries"] is JsonArray { Count: > 0 }
                    ? ("sigstore", null)
                    : throw Bad("a bundle of the sigstore method needs a transparency log entry");
        }
    }

    private static void OnlyFields(JsonObject map, string what, params string[] allowed)
    {
        foreach (var (name, _) in map)
        {
            if (!allowed.Contains(name, StringComparer.Ordinal))
                throw Bad($"{what} holds the unknown field {Names.Quote(name)}");
        }
    }

    private static JsonObject Map(JsonObject parent, string name) =>
        parent[name] as JsonObject ?? throw Bad($"{name} is missing or not an object");

    private static string Text(JsonObject parent, string name) =>
        parent[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.TryGetValue<string>(out var text)
            ? text
            : throw Bad($"{name} is missing or not a string");

    private static byte[] Base64(JsonObject parent, string name)
    {
        try
        {
            return Convert.FromBase64String(Text(parent, name)) is { Length: > 0 } bytes ? bytes : throw Bad($"{name} is empty");
        }
        catch (FormatException error)
        {
            throw new ReleaseRefusedException(RefusalCode.SignatureInvalid, $"the signature bundle: {name} is not base64", error);
        }
    }

    private static ReleaseRefusedException Bad(string why) => new(RefusalCode.SignatureInvalid, $"the signature bundle: {why}");
}
