using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// The work of one state. It is on disk that the state was entered; the work may be cut off anywhere and is then done again from its
/// beginning. A rule that does not hold is a <see cref="Ci.Releases.ReleaseRefusedException"/>.
/// </summary>
internal interface IUpdateStep
{
    AgentState State { get; }

    Task<StepResult> RunAsync(Update update, CancellationToken ct);
}
