using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates;

/// <summary>How a step ended, with words for a person; a refusal has its code.</summary>
internal sealed record StepResult(StepOutcome Outcome, string Words, string? Code = null)
{
    public static StepResult Done(string words) => new(StepOutcome.Done, words);
}
