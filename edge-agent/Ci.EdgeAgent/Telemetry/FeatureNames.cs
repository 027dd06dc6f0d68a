using System.Text.Json;

namespace Ci.EdgeAgent.Telemetry;

/// <summary>The column names that the trainer left in the model file (<c>mlops.features</c>, a JSON list); none where it left none.</summary>
internal static class FeatureNames
{
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("mlops.features", out var json) || json.Length > 64 * 1024)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return [];
            var names = document.RootElement.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : "").ToList();
            return names.TrueForAll(n => n.Length is > 0 and <= 200) && names.Distinct(StringComparer.Ordinal).Count() == names.Count ? names : [];
        }
        catch (JsonException)
        {
            return []; // A model that names its columns badly is still a model.
        }
    }
}
