using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Releases.Tests;

public sealed class ReleaseTests
{
    [Fact]
    public void A_sealed_release_reads_back_with_its_id()
    {
        var release = Examples.Release().Seal();
        var read = Release.Read(release.ToBytes());
        Assert.Equal(release.Id, read.Id);
        Assert.Equal(release.ToBytes(), read.ToBytes());
        Assert.Equal("model.onnx", read.Model.Path);
    }

    [Fact]
    public void White_space_and_key_order_do_not_touch_the_id()
    {
        var release = Examples.Release().Seal();
        var canonical = CanonicalJson.Of(JsonNode.Parse(release.ToBytes()));
        Assert.Equal(release.Id, Release.Read(canonical).Id);
    }

    [Fact]
    public void Unknown_fields_are_kept_in_the_id_and_otherwise_ignored()
    {
        var document = (JsonObject)JsonNode.Parse(Examples.Release().Seal().ToBytes())!;
        document["future"] = 1;
        Assert.Equal(RefusalCode.ReleaseIdMismatch, Examples.Refused(() => Release.Read(Utf8(document))).Code);
        document.Remove("id");
        document["id"] = Sha256Digest.Of(CanonicalJson.Of(WithoutId(document))).Hex;
        Assert.Equal("energy-load", Release.Read(Utf8(document)).Name);
    }

    [Fact]
    public void A_changed_field_is_refused()
    {
        var document = (JsonObject)JsonNode.Parse(Examples.Release().Seal().ToBytes())!;
        document["version"] = "1.0.1";
        Assert.Equal(RefusalCode.ReleaseIdMismatch, Examples.Refused(() => Release.Read(Utf8(document))).Code);
    }

    [Theory]
    [InlineData("mlops.release/v2")]
    [InlineData("mlops.channel/v1")]
    [InlineData("mlops.release/v11")]
    public void Another_schema_is_refused(string schema)
    {
        var document = (JsonObject)JsonNode.Parse(Examples.Release().Seal().ToBytes())!;
        document["schema"] = schema;
        Assert.Contains(schema, Examples.Refused(() => Release.Read(Utf8(document))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schema\":\"mlops.release/v1\",\"schema\":\"mlops.release/v1\"}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"schema\":\"mlops.release/v1\"}")]
    [InlineData("{\"schema\":\"mlops.release/v1\",\"name\":null}")]
    [InlineData("{\"schema\":1}")]
    public void A_malformed_document_is_refused(string text) =>
        Assert.Equal(RefusalCode.ReleaseMalformed, Examples.Refused(() => Release.Read(Encoding.UTF8.GetBytes(text))).Code);

    [Fact]
    public void A_document_beyond_the_limit_is_refused_unread() =>
        Assert.Equal(RefusalCode.ReleaseMalformed, Examples.Refused(() => Release.Read(new byte[Release.MaxDocumentBytes + 1])).Code);

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/model.onnx")]
    [InlineData("a\\b")]
    [InlineData("")]
    [InlineData("x/..")]
    public void An_artifact_outside_the_folder_is_refused(string path)
    {
        var release = Examples.Release();
        var broken = release with { Artifacts = [release.Artifacts[0] with { Path = path }, release.Artifacts[1]] };
        Assert.Equal(RefusalCode.PathEscape, Examples.Refused(() => broken.Seal()).Code);
    }

    public static TheoryData<string, Func<Release, Release>> Broken => new()
    {
        { "twice", r => r with { Artifacts = [.. r.Artifacts, r.Artifacts[0] with { Path = "MODEL.onnx", Role = ArtifactRole.Other }] } },
        { "takes the name", r => r with { Artifacts = [.. r.Artifacts, r.Artifacts[0] with { Path = "release.json", Role = ArtifactRole.Other }] } },
        { "size", r => r with { Artifacts = [r.Artifacts[0] with { Bytes = -1 }, r.Artifacts[1]] } },
        { "role", r => r with { Artifacts = [r.Artifacts[0] with { Role = "boss" }, r.Artifacts[1]] } },
        { "role model", r => r with { Artifacts = [r.Artifacts[1]] } },
        { "name", r => r with { Name = "../x" } },
        { "version", r => r with { Version = "v1.0.0" } },
        { "commit", r => r with { Provenance = r.Provenance with { Commit = "HEAD" } } },
        { "golden", r => r with { Golden = r.Golden with { Outputs = [] } } },
        { "tolerance", r => r with { Golden = r.Golden with { Outputs = [r.Golden.Outputs[0] with { RelativeTolerance = double.PositiveInfinity }] } } },
        { "no output", r => r with { Golden = r.Golden with { Outputs = [r.Golden.Outputs[0] with { Name = "other" }] } } },
        { "maxBytes", r => r with { Limits = r.Limits with { MaxBytes = 0 } } },
        { "datatype", r => r with { Inputs = [r.Inputs[0] with { Datatype = "float" }] } },
        { "evaluationSha256", r => r with { Artifacts = [.. r.Artifacts, new Artifact { Path = "e.json", Bytes = 1, Sha256 = Examples.Digest(9), Role = "evaluation" }] } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_release_that_breaks_a_rule_is_not_sealed(string word, Func<Release, Release> damage)
    {
        var refused = Examples.Refused(() => damage(Examples.Release()).Seal());
        Assert.Equal(RefusalCode.ReleaseMalformed, refused.Code);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.17.0", true)]
    [InlineData("1.30.1", true)]
    [InlineData("1.9.0", false)]
    [InlineData("unknown", false)]
    public void The_least_runtime_is_compared_by_number(string runtime, bool runs) => Assert.Equal(runs, Examples.Release().RunsOn(runtime));

    private static JsonObject WithoutId(JsonObject document)
    {
        var copy = (JsonObject)document.DeepClone();
        copy.Remove("id");
        return copy;
    }

    private static byte[] Utf8(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
