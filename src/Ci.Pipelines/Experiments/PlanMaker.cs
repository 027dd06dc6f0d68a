namespace Ci.Pipelines.Experiments;

/// <summary>Chooses the values of every trial: the same ranges and seed give the same trials, on every machine.</summary>
public static class PlanMaker
{
    /// <summary>Every combination of listed values, the last range changing fastest.</summary>
    public static IReadOnlyList<IReadOnlyList<ParameterOverride>> Grid(IReadOnlyList<SweptOverride> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        if (overrides.FirstOrDefault(o => o.Range is not Choices) is { } endless)
            throw new PipelineException($"a grid needs listed values, and `{endless.Key}` has a range without end; list some (`{endless.Key}=1,2,3`), or search it by `--search random` or `lhs`");
        var count = overrides.Aggregate(1L, (product, o) => Math.Min(ExperimentPlan.MostTrials + 1L, product * ((Choices)o.Range).Values.Count));
        if (count > ExperimentPlan.MostTrials)
            throw new PipelineException($"this grid has more than {ExperimentPlan.MostTrials} trials; list fewer values, or use `--search random --trials N`");
        List<List<ParameterOverride>> trials = [[]];
        foreach (var swept in overrides)
            trials = [.. trials.SelectMany(trial => ((Choices)swept.Range).Values.Select(value => (List<ParameterOverride>)[.. trial, swept.With(value)]))];
        return trials;
    }

    /// <summary>Trials drawn at random, no two alike.</summary>
    /// <returns>As many as asked for; fewer when the ranges do not hold so many.</returns>
    public static IReadOnlyList<IReadOnlyList<ParameterOverride>> Random(IReadOnlyList<SweptOverride> overrides, int trials, long seed)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var random = Generator(seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var chosen = new List<IReadOnlyList<ParameterOverride>>();
        // Small ranges run out of new combinations: drawing ends when it has been in vain for long.
        for (var vain = 0; chosen.Count < trials && vain < 1000;)
        {
            var trial = overrides.Select(o => o.With(o.Range.At(random.NextDouble()))).ToList();
            if (seen.Add(string.Join('\n', trial)))
                chosen.Add(trial);
            else
                vain++;
        }

        return chosen;
    }

    /// <summary>
    /// A Latin hypercube (McKay, Beckman and Conover 1979): each range falls into as many equally likely parts as there are trials, each part is
    /// used by one trial, at a random place in it, and the parts of different ranges are shuffled against each other.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<ParameterOverride>> Lhs(IReadOnlyList<SweptOverride> overrides, int trials, long seed)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var random = Generator(seed);
        var columns = overrides.Select(swept =>
        {
            var parts = Enumerable.Range(0, trials).ToArray();
            random.Shuffle(parts);
            return parts.Select(part => swept.With(swept.Range.At((part + random.NextDouble()) / trials))).ToArray();
        }).ToList();
        return [.. Enumerable.Range(0, trials).Select(t => (IReadOnlyList<ParameterOverride>)[.. columns.Select(c => c[t])])];
    }

    // .NET's seeded generator is fixed for good by its compatibility promise.
    private static Random Generator(long seed) => new(unchecked((int)(seed ^ (seed >> 32))));
}
