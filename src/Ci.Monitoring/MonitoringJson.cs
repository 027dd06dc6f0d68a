using System.Text.Json.Serialization;

namespace Ci.Monitoring;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FleetSummary))]
internal sealed partial class MonitoringJson : JsonSerializerContext;
