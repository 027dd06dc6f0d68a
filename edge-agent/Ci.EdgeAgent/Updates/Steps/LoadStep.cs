using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Loads the candidate beside the current generation, which goes on serving.</summary>
internal sealed class LoadStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Load;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        update.ResidentBefore = Environment.WorkingSet;
        update.Generation = Installed.Load(room, update.Verified!.Release);
        return Task.FromResult(StepResult.Done($"{update.Version} is loaded on {update.Generation.Instance.Provider}"));
    }
}
