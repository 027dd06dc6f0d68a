namespace Ci.Training;

/// <summary>A parameter section that cannot be used; <see cref="Problems"/> holds every fault of it, not only the first.</summary>
public sealed class TrainingParameterException(string where, IReadOnlyList<string> problems)
    : TrainingException(problems.Count == 1 ? $"{where}: {problems[0]}" : $"{where}: {problems.Count} faults\n  - {string.Join("\n  - ", problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
