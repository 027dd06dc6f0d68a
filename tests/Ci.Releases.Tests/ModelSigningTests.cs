using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Releases.Tests;

public sealed class ModelSigningTests
{
    private static readonly SignedFile[] Files = [new("b/model.onnx", Examples.Digest(1)), new("a.json", Examples.Digest(2))];

    [Theory]
    [InlineData("key", "key")]
    [InlineData("certificate", "certificate")]
    [InlineData("sigstore", "sigstore")]
    public void A_valid_vector_is_read_and_its_subject_digest_fits_its_files(string file, string method)
    {
        var bundle = SigstoreBundle.Read(Vector($"valid/{file}.bundle.json"));
        Assert.Equal(method, bundle.Method);
        var manifest = ModelStatement.Read(bundle.Payload, "unverified");
        Assert.Equal(["signme-1", "signme-2"], manifest.Files.Select(signed => signed.Name));
    }

    [Fact]
    public void The_valid_key_vector_names_its_key_and_is_refused_without_it()
    {
        Assert.Equal("e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e", SigstoreBundle.Read(Vector("valid/key.bundle.json")).KeyHint);
        using var other = Examples.Key();
        var refused = Examples.Refused(() => ModelSigning.Verify(Vector("valid/key.bundle.json"), [TrustedKey.Of(other)]));
        Assert.Equal(RefusalCode.KeyUntrusted, refused.Code);
    }

    [Theory]
    [InlineData("valid/certificate.bundle.json")]
    [InlineData("valid/sigstore.bundle.json")]
    public void A_bundle_of_another_method_is_not_trusted(string file)
    {
        using var key = Examples.Key();
        Assert.Equal(RefusalCode.KeyUntrusted, Examples.Refused(() => ModelSigning.Verify(Vector(file), [TrustedKey.Of(key)])).Code);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("missing-envelope")]
    [InlineData("missing-tlog-entries")]
    [InlineData("missing-verification-material")]
    public void An_invalid_vector_is_refused(string file) =>
        Assert.Equal(RefusalCode.SignatureInvalid, Examples.Refused(() => SigstoreBundle.Read(Vector($"invalid/{file}.bundle.json"))).Code);

    [Fact]
    public void The_vector_with_the_wrong_predicate_is_refused()
    {
        var bundle = SigstoreBundle.Read(Vector("invalid-payload/wrong-predicate.bundle.json"));
        Assert.Contains("predicateType", Examples.Refused(() => ModelStatement.Read(bundle.Payload, "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_signed_verifies_with_any_listed_key()
    {
        using var key = Examples.Key();
        using var other = Examples.Key();
        var bundle = ModelSigning.Sign(key, "energy-load", Files);
        var manifest = ModelSigning.Verify(bundle, [TrustedKey.Of(other), TrustedKey.Of(key)]);
        Assert.Equal("energy-load", manifest.Subject);
        Assert.Equal(["a.json", "b/model.onnx"], manifest.Files.Select(file => file.Name));
        Assert.Equal(TrustedKey.Of(key).Hint, manifest.KeyHint);
    }

    [Fact]
    public void The_signature_is_ECDSA_over_the_DSSE_encoding_in_DER()
    {
        using var key = Examples.Key();
        var bundle = (JsonObject)JsonNode.Parse(ModelSigning.Sign(key, "m1", Files))!;
        var envelope = bundle["dsseEnvelope"]!;
        var payload = Convert.FromBase64String(envelope["payload"]!.GetValue<string>());
        byte[] pae = [.. Encoding.ASCII.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        var signature = Convert.FromBase64String(envelope["signatures"]![0]!["sig"]!.GetValue<string>());
        Assert.True(key.VerifyData(pae, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", bundle["mediaType"]!.GetValue<string>());
    }

    [Fact]
    public void The_key_hint_is_the_digest_of_the_PEM_text_with_its_final_newline()
    {
        // Made with Python's cryptography: public_bytes(PEM, SubjectPublicKeyInfo), as the reference implementation hashes it.
        const string pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+1A4jylJjQqTrSXsTDQDe508w8yk\neH62/tq+KzAD6sifd2XKnWKI5v9zT1zQjzpZIc9UshuzmLUKwNJXf6B0cg==\n-----END PUBLIC KEY-----\n";
        Assert.Equal("fcb06cf1f6af01541be1d9525969bf4b3c3744ddc41e2a31b1bc688708f2a8b8", Assert.Single(TrustedKey.ReadPem(pem)).Hint);
    }

    [Fact]
    public void A_changed_payload_is_refused()
    {
        using var key = Examples.Key();
        var bundle = (JsonObject)JsonNode.Parse(ModelSigning.Sign(key, "m1", Files))!;
        var envelope = (JsonObject)bundle["dsseEnvelope"]!;
        var payload = Encoding.UTF8.GetString(Convert.FromBase64String(envelope["payload"]!.GetValue<string>()));
        envelope["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload.Replace("a.json", "c.json", StringComparison.Ordinal)));
        var refused = Examples.Refused(() => ModelSigning.Verify(Encoding.UTF8.GetBytes(bundle.ToJsonString()), [TrustedKey.Of(key)]));
        Assert.Equal(RefusalCode.SignatureInvalid, refused.Code);
    }

    [Fact]
    public void A_bundle_that_borrows_a_trusted_hint_is_refused()
    {
        using var trusted = Examples.Key();
        using var forger = Examples.Key();
        var bundle = (JsonObject)JsonNode.Parse(ModelSigning.Sign(forger, "m1", Files))!;
        bundle["verificationMaterial"]!["publicKey"]!["hint"] = TrustedKey.Of(trusted).Hint;
        var refused = Examples.Refused(() => ModelSigning.Verify(Encoding.UTF8.GetBytes(bundle.ToJsonString()), [TrustedKey.Of(trusted)]));
        Assert.Equal(RefusalCode.SignatureInvalid, refused.Code);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("c:\\x")]
    public void A_file_that_leaves_its_folder_is_not_signed(string name)
    {
        using var key = Examples.Key();
        Assert.Equal(RefusalCode.PathEscape, Examples.Refused(() => ModelSigning.Sign(key, "m1", [new(name, Examples.Digest(1))])).Code);
    }

    [Fact]
    public void The_same_file_twice_is_not_signed()
    {
        using var key = Examples.Key();
        Examples.Refused(() => ModelSigning.Sign(key, "m1", [Files[0], Files[0]]));
    }

    [Fact]
    public void A_private_key_is_no_trusted_key()
    {
        using var key = Examples.Key();
        Assert.Contains("PRIVATE KEY", Examples.Refused(() => TrustedKey.ReadPem(key.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_keys_may_stand_in_one_text()
    {
        using var one = Examples.Key();
        using var two = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var keys = TrustedKey.ReadPem(one.ExportSubjectPublicKeyInfoPem() + "\n" + two.ExportSubjectPublicKeyInfoPem());
        Assert.Equal([256, 384], keys.Select(key => key.Bits));
    }

    private static byte[] Vector(string path) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "oms", path));
}
