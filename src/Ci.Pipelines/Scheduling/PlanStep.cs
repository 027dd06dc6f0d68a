using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>One stage, or one pointer, of a run.</summary>
/// <param name="Index">Its place in the plan.</param>
/// <param name="Name">The stage's address or the pointer's path.</param>
/// <param name="Stage">Null for tracked data.</param>
/// <param name="Pointer">Null for a stage.</param>
/// <param name="Needs">Places in the plan, all before its own.</param>
internal sealed record PlanStep(int Index, string Name, Stage? Stage, PointerFile? Pointer, IReadOnlyList<int> Needs)
{
    /// <summary>Steps on the longest way from here to an end of the plan: what lies on a long way begins first.</summary>
    public int Length { get; set; } = 1;

    /// <summary>Places in the plan of what needs it directly.</summary>
    public List<int> Dependents { get; } = [];
}
