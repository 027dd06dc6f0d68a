using System.Text.Json;

namespace Ci.Evaluation;

/// <summary>A flat JSON object of counts, as <c>dvc metrics</c> reads it. Nothing in it varies between equal runs.</summary>
public static class DataCheckMetrics
{
    public static byte[] Of(DataCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("rows", check.Data.Rows);
            writer.WriteNumber("rules", check.Rules);
            writer.WriteNumber("rules_broken", check.Breaches.Count + check.MoreBreaches);
            if (check.Reference is not null)
            {
                writer.WriteNumber("drift_tests", check.Drift.Count);
                writer.WriteNumber("drift_found", check.Drift.Count(result => result.Outcome == CheckOutcome.Fail));
                writer.WriteNumber("drift_inconclusive", check.Drift.Count(result => result.Outcome == CheckOutcome.Inconclusive));
                writer.WriteNumber("drift_max_distance", check.Drift.Select(result => result.Distance).DefaultIfEmpty().Max());
            }

            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
