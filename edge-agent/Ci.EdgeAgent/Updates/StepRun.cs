using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.Git;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Updates;

/// <summary>Runs a step and makes an outcome that the table knows of whatever it throws: who refused is refused, who did not answer is asked again.</summary>
internal static class StepRun
{
    public static async Task<StepResult> RunAsync(IUpdateStep step, Update update, CancellationToken ct)
    {
        try
        {
            return await step.RunAsync(update, ct);
        }
        catch (ReleaseRefusedException error) when (step.State != AgentState.RollingBack)
        {
            return new StepResult(StepOutcome.Refused, error.Message, error.Code.Wire());
        }
        catch (Exception error) when (IsTransient(error) && Knows(step.State, StepOutcome.Unavailable))
        {
            return new StepResult(StepOutcome.Unavailable, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && Knows(step.State, StepOutcome.Refused))
        {
            return new StepResult(StepOutcome.Refused, error.Message, RefusalCode.LoadFailed.Wire());
        }
    }

    private static bool Knows(AgentState state, StepOutcome outcome) => TransitionTable.All.Any(t => t.From == state && t.On == outcome);

    private static bool IsTransient(Exception error) =>
        error is SourceUnavailableException or GitException or StorageException or IOException or UnauthorizedAccessException or HttpRequestException;
}
