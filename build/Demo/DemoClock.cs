using System.Diagnostics;

namespace Ci.Build.Demo;

/// <summary>Plays steps in order, times them and says them as they go. The first failure ends the play.</summary>
internal sealed class DemoClock
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly List<DemoStep> steps = [];
    private List<string> lines = [];

    public IReadOnlyList<DemoStep> Steps => this.steps;

    public double Seconds => this.watch.Elapsed.TotalSeconds;

    public bool Ok => this.steps.TrueForAll(step => step.Ok);

    /// <summary>A fact of the running step, said at once.</summary>
    public void Say(string line)
    {
        this.lines.Add(line);
        BuildContext.Say($"          {line}");
    }

    /// <summary>A claim of the running step: said when it holds, a <see cref="BuildException"/> when it does not.</summary>
    public void Claim(bool holds, string claim)
    {
        if (!holds)
            throw new BuildException($"this did not hold: {claim}");
        this.Say(claim);
    }

    public async Task StepAsync(string name, Func<Task> body)
    {
        var start = this.Seconds;
        this.lines = [];
        BuildContext.Say($"[{start,6:F1} s] {name}");
        try
        {
            await body();
            this.steps.Add(new DemoStep(name, true, this.Seconds - start, start, this.lines));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            this.steps.Add(new DemoStep(name, false, this.Seconds - start, start, [.. this.lines, error.Message]));
            throw;
        }
    }
}
