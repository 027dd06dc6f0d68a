using System.Text.Json.Serialization;

namespace Ci.EdgeAgent.Sources;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SourceRecord))]
[JsonSerializable(typeof(Fetching.BudgetRecord))]
internal sealed partial class SourceJson : JsonSerializerContext;
