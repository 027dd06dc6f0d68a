using Ci.Testing.Device;
using Xunit.Abstractions;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>The power goes, or the process is killed, at every change of the disk in a device's whole life.</summary>
public sealed class CrashExplorationTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("MLOPS_LONG_TESTS") == "1";

    // For lives that nobody has lived yet: another first seed.
    private static readonly int FirstSeed = int.TryParse(Environment.GetEnvironmentVariable("MLOPS_FIRST_SEED"), System.Globalization.CultureInfo.InvariantCulture, out var seed) ? seed : 0;

    /// <summary>In an ordinary run every third operation, and all its ways to be cut.</summary>
    [Fact]
    public async Task Wherever_a_life_is_cut_a_proven_model_serves_after_the_restart_and_the_update_arrives()
    {
        var all = await Exploration.RecordAsync(History.Whole);
        var points = IsLong ? all : [.. all.Where(p => p.Operation.Number % 3 == 0)];
        var failures = new List<string>();
        foreach (var point in points)
            await TryAsync(() => Exploration.RecoverAsync(point, History.Whole), failures);

        var distinct = points.Select(p => (p.Operation.Number, p.Kind)).Distinct().Count();
        output.WriteLine($"{distinct} distinct points of {all.Count}, {all.Max(p => p.Operation.Number) + 1} operations: {string.Join(", ", all.GroupBy(p => p.Operation.Kind).Select(g => $"{g.Select(p => p.Operation.Number).Distinct().Count()} {g.Key}"))}");
        output.WriteLine($"of them {points.Count(p => p.Operation.Path.EndsWith("/journal", StringComparison.Ordinal))} in the journal");
        Assert.True(failures.Count == 0, $"{failures.Count} of {points.Count}:\n{string.Join('\n', failures.Take(10))}");
        Assert.True(distinct >= 1000, $"only {distinct} points");
    }

    /// <summary>An ordinary run lives a hundred lives of each; a long one ten thousand.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_random_life_cut_at_random_points_keeps_its_promises(bool refuses)
    {
        var (lives, first) = (IsLong ? 10_000 : 100, FirstSeed + (refuses ? 1_000_000 : 0));
        var (failures, cuts, refusals) = (new List<string>(), 0, 0);
        for (var seed = first; seed < first + lives; seed++)
        {
            var life = new RandomLife(seed, refuses);
            await TryAsync(life.LiveAsync, failures);
            (cuts, refusals) = (cuts + life.Cuts, refusals + life.Refusals);
        }

        output.WriteLine($"{lives} seeds, {cuts} cuts, {refusals} refused operations");
        Assert.True(failures.Count == 0, $"{failures.Count} of {lives}:\n{string.Join('\n', failures.Take(10))}");
        Assert.True(cuts > lives);
    }

    /// <summary>The exploration explores: on a disk whose syncs do nothing, or sync names alone, or bytes alone, promises are broken.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task On_a_disk_whose_syncs_lie_the_same_exploration_finds_broken_promises(bool bytes, bool names)
    {
        var points = await Exploration.RecordAsync(History.Whole, files => new LyingFiles(files, bytes, names));
        var failures = new List<string>();
        foreach (var point in points.Where(p => p.Kind is CutKind.AllLost or CutKind.BytesLost && p.Operation.Number % 7 == 0))
            await TryAsync(() => Exploration.RecoverAsync(point, History.Whole), failures);
        Assert.NotEmpty(failures);
    }

    private static async Task TryAsync(Func<Task> live, List<string> failures)
    {
        try
        {
            await live();
        }
        catch (Exception error) when (error is not PowerCutException)
        {
            failures.Add($"{error.GetType().Name}: {error.Message}{(error is Xunit.Sdk.XunitException ? "" : error.StackTrace?.Split('\n')[0])}");
        }
    }
}
