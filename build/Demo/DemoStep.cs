namespace Ci.Build.Demo;

/// <summary>One step as summary.json tells it; <see cref="Lines"/> are the facts that the timeline shows.</summary>
internal sealed record DemoStep(string Name, bool Ok, double Seconds, double StartedAt, IReadOnlyList<string> Lines);
