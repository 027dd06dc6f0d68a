using System.Globalization;
using System.Text;
using Ci.Storage.FileSystem;
using Ci.Training;

namespace Ci.Cli.Verbs;

/// <summary>The metric after every iteration as CSV: <c>iteration,training_rmse,validation_rmse</c>; without rows held back there is no validation.</summary>
internal static class TrainingLog
{
    public static void Write(string file, IReadOnlyList<TrainingProgress> steps, string metric)
    {
        var name = metric.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        var held = steps.Any(step => step.ValidationMetric is not null);
        var text = new StringBuilder($"iteration,training_{name}{(held ? $",validation_{name}" : "")}\n");
        foreach (var step in steps)
            text.Append(CultureInfo.InvariantCulture, $"{step.Iteration},{Cell(step.Metric)}{(held ? "," + Cell(step.ValidationMetric) : "")}\n");
        DurableFiles.CreateDirectory(Path.GetDirectoryName(file)!);
        DurableFiles.Replace(file, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string Cell(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
