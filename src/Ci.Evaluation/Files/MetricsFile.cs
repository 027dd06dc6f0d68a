using System.Text.Json;

namespace Ci.Evaluation;

/// <summary>A flat JSON object of metric to number, as <c>dvc metrics</c> reads it. Nothing in it varies between equal runs.</summary>
internal static class MetricsFile
{
    public static byte[] Of(ModelEvaluation evaluation)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            foreach (var metric in evaluation.Metrics)
                writer.WriteNumber(metric.Name, metric.Value);
            writer.WriteNumber(MetricNames.ModelBytes, evaluation.Model.Bytes);
            if (evaluation.Data.RowsAlsoInTraining is { } rows)
                writer.WriteNumber(MetricNames.RowsAlsoInTraining, rows);
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
