using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Releases;

/// <summary>The in-toto statement inside a model-signing bundle (schemas: statement and predicate v1.0).</summary>
internal static class ModelStatement
{
    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "https://model_signing/signature/v1.0";
    private const int MaxBytes = 4 << 20;
    private const int MaxFiles = 10_000;

    /// <summary>Files in code point order, as the reference implementation sorts them.</summary>
    public static byte[] Write(string subject, IEnumerable<SignedFile> files)
    {
        var sorted = files.OrderBy(file => Encoding.UTF8.GetBytes(file.Name), Utf8Order.Instance).ToList();
        var statement = new JsonObject
        {
            ["_type"] = StatementType,
            ["subject"] = new JsonArray(new JsonObject
            {
                ["name"] = subject,
                ["digest"] = new JsonObject { ["sha256"] = RootOf(sorted).Hex },
            }),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                ["resources"] = new JsonArray([.. sorted.Select(file => new JsonObject
                {
                    ["name"] = file.Name,
                    ["algorithm"] = "sha256",
                    ["digest"] = file.Sha256.Hex,
                })]),
                ["serialization"] = new JsonObject
                {
                    ["method"] = "files",
                    ["hash_type"] = "sha256",
                    ["allow_symlinks"] = false,
                    ["ignore_paths"] = new JsonArray(Release.BundleFileName),
                },
            },
        };
        return CanonicalJson.Of(statement);
    }

    public static SignedManifest Read(ReadOnlySpan<byte> payload, string keyHint)
    {
        var statement = Documents.ParseObject(payload, MaxBytes, RefusalCode.SignatureInvalid, "the signed statement");
        Expect(statement, "_type", StatementType);
        Expect(statement, "predicateType", PredicateType);
        if (statement["subject"] is not JsonArray { Count: 1 } subjects || subjects[0] is not JsonObject subject)
            throw Bad("it must have exactly one subject");
        if (statement["predicate"] is not JsonObject predicate || predicate["resources"] is not JsonArray resources
            || predicate["serialization"] is not JsonObject serialization)
            throw Bad("its predicate has no resources or serialization");
        Expect(serialization, "method", "files");
        Expect(serialization, "hash_type", "sha256");
        if (resources.Count is 0 or > MaxFiles)
            throw Bad($"it lists {resources.Count} files; 1 to {MaxFiles} are allowed");

        var files = resources.Select(ReadFile).ToList();
        if (files.Select(file => file.Name).Distinct(StringComparer.Ordinal).Count() != files.Count)
            throw Bad("a file stands twice");
        var root = RootOf(files);
        if (Digest(subject["digest"] as JsonObject, "sha256") != root)
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, "the signed statement: the subject's digest is not that of its files");
        return new SignedManifest { Subject = Text(subject, "name"), SubjectSha256 = root, Files = files, KeyHint = keyHint };
    }

    /// <summary>SHA-256 over the concatenated raw digests.</summary>
    private static Sha256Digest RootOf(IEnumerable<SignedFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(file.Sha256.ToRaw());
        return Sha256Digest.FromRaw(hash.GetHashAndReset());
    }

    private static SignedFile ReadFile(JsonNode? node)
    {
        var resource = node as JsonObject ?? throw Bad("a resource is not an object");
        Expect(resource, "algorithm", "sha256");
        var name = Text(resource, "name");
        return Names.IsConfinedPath(name)
            ? new SignedFile(name, Digest(resource, "digest"))
            : throw new ReleaseRefusedException(RefusalCode.PathEscape, $"the signed statement names the file {Names.Quote(name)}, which leaves its folder");
    }

    private static Sha256Digest Digest(JsonObject? map, string name) =>
        map is not null && Sha256Digest.TryParse(Text(map, name), out var digest) ? digest : throw Bad($"{name} is not a SHA-256 digest");

    private static void Expect(JsonObject map, string name, string value)
    {
        var found = Text(map, name);
        if (found != value)
            throw Bad($"{name} is {Names.Quote(found)}, not {value}");
    }

    private static string Text(JsonObject map, string name) =>
        map[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.TryGetValue<string>(out var text)
            ? text
            : throw Bad($"{name} is missing or not a string");

    private static ReleaseRefusedException Bad(string why) => new(RefusalCode.SignatureInvalid, $"the signed statement: {why}");

    private sealed class Utf8Order : IComparer<byte[]>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
