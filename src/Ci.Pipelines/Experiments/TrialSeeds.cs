using Ci.Pipelines.Parameters;

namespace Ci.Pipelines.Experiments;

/// <summary>Parameters that choose random numbers and nothing else.</summary>
public static class TrialSeeds
{
    /// <summary>Whether a parameter is one, by its name: <c>seed</c>, <c>random_seed</c>, <c>random_state</c>, at any depth.</summary>
    public static bool IsSeed(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key[(key.LastIndexOf('.') + 1)..] is "seed" or "random_state" or "random_seed";
    }

    /// <summary>The first one that is a whole number.</summary>
    internal static long? Of(IReadOnlyDictionary<string, object?> files) =>
        files.Values.SelectMany(v => ParameterFile.Flatten(v)).Where(p => IsSeed(p.Key)).Select(p => p.Value as long?).FirstOrDefault(v => v is not null);
}
