using System.Globalization;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016): every trial runs with a small budget, the best 1/η of them with η times that
/// budget, and so on. What it assumes: who is bad early stays bad. Ranks alone decide, so nothing is assumed of the metric's distribution.
/// </summary>
/// <param name="File">The file that holds the budget's parameter, from the project's root.</param>
/// <param name="Key">The parameter: epochs, trees, rows.</param>
/// <param name="Budgets">Growing; the last is the full one.</param>
/// <param name="Eta">One in so many goes on.</param>
public sealed record Halving(string File, string Key, IReadOnlyList<long> Budgets, int Eta)
{
    /// <summary>Reads <c>budget=train.epochs:1..27x3</c>.</summary>
    public static Halving Parse(string text, Func<string, string> file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        var spec = text.StartsWith("budget=", StringComparison.Ordinal) ? text["budget=".Length..] : "";
        var colon = spec.LastIndexOf(':');
        var dots = spec.IndexOf("..", Math.Max(0, colon), StringComparison.Ordinal);
        var times = spec.LastIndexOf('x');
        if (colon <= 0 || dots < colon || times < dots
            || !long.TryParse(spec[(colon + 1)..dots], NumberStyles.None, CultureInfo.InvariantCulture, out var low)
            || !long.TryParse(spec[(dots + 2)..times], NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            || !int.TryParse(spec[(times + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var eta) || low < 1 || high <= low || eta is < 2 or > 1000)
        {
            throw new PipelineException($"--halving {text}: expected `budget=KEY:LOW..HIGHxETA`, such as `budget=train.epochs:1..27x3`: whole numbers, LOW from 1, HIGH above it, ETA from 2");
        }

        var budgets = new List<long>();
        for (var budget = low; budget < high; budget = budget > high / eta ? high : budget * eta)
            budgets.Add(budget);
        budgets.Add(high);
        var name = MetricName.Parse(spec[..colon]);
        return new Halving(file(name.File ?? PipelineFile.DefaultParameters), name.Key, budgets, eta);
    }

    /// <summary>The change that gives a trial a budget.</summary>
    public ParameterOverride Of(int rung) => new(this.File, OverrideKind.Set, this.Key, this.Budgets[rung]);

    /// <summary>
    /// Which trials of a rung go on, all of them being known: the best 1/η, rounded up. What wrote no number never does; of equals, the earlier
    /// trial.
    /// </summary>
    public IReadOnlyList<int> GoOn(IReadOnlyList<(int Trial, double? Value)> rung, MetricGoal goal)
    {
        ArgumentNullException.ThrowIfNull(rung);
        ArgumentNullException.ThrowIfNull(goal);
        return [.. rung.Where(r => r.Value is { } v && !double.IsNaN(v)).OrderBy(r => r, Comparer<(int Trial, double? Value)>.Create((a, b) => goal.Compare(a.Value, b.Value) is var order && order != 0 ? order : a.Trial.CompareTo(b.Trial)))
            .Take((rung.Count + this.Eta - 1) / this.Eta).Select(r => r.Trial).Order()];
    }

    /// <summary>
    /// Whether one trial goes on when runners do not wait for each other (the stopping form of ASHA, Li et al., MLSys 2020): it must be among the
    /// best 1/η of those that have reached the rung so far. Too few to tell, fewer than η, go on.
    /// </summary>
    /// <param name="mine">What this trial reached.</param>
    /// <param name="others">What others reached with the same budget.</param>
    /// <param name="goal">Which way is better.</param>
    public bool GoesOn(double? mine, IReadOnlyList<double?> others, MetricGoal goal)
    {
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(goal);
        if (mine is not { } value || double.IsNaN(value))
            return false;
        var count = others.Count + 1;
        return count < this.Eta || others.Count(o => goal.Compare(o, value) < 0) < (count + this.Eta - 1) / this.Eta;
    }
}
