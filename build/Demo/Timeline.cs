using System.Globalization;
using System.Text;

namespace Ci.Build.Demo;

/// <summary>artifacts/demo/timeline.md: what happened when, in words.</summary>
internal static class Timeline
{
    public static string Of(DemoClock clock)
    {
        var text = new StringBuilder("# What the demo did\n\n| at | took | step | held |\n| ---: | ---: | --- | --- |\n");
        foreach (var step in clock.Steps)
            text.Append(CultureInfo.InvariantCulture, $"| {step.StartedAt:F1} s | {step.Seconds:F1} s | {step.Name} | {(step.Ok ? "yes" : "**no**")} |\n");
        foreach (var step in clock.Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {step.Name}\n\n");
            foreach (var line in step.Lines)
                text.Append(CultureInfo.InvariantCulture, $"- {line.ReplaceLineEndings(" ")}\n");
        }

        return text.ToString();
    }
}
