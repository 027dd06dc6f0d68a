using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Shadow and Canary in this version: their length is zero, and the table, the documentation and the log say so.</summary>
internal sealed class PassThroughStep(AgentState state) : IUpdateStep
{
    public AgentState State => state;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct) => Task.FromResult(StepResult.Done($"{state}: length zero, passed straight through"));
}
