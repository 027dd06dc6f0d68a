using System.Text.Json.Serialization;

namespace Ci.Releases;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Channel))]
[JsonSerializable(typeof(MirrorIndex))]
[JsonSerializable(typeof(GoldenSet))]
[JsonSerializable(typeof(TelemetryBatch))]
internal sealed partial class ReleasesJson : JsonSerializerContext;
