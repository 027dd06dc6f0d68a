using System.Text.Json.Serialization;

namespace Ci.Evaluation;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 16,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelEvaluation))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(DataCheck))]
[JsonSerializable(typeof(SplitRecord))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
