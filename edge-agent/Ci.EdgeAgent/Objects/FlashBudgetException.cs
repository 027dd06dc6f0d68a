namespace Ci.EdgeAgent.Objects;

/// <summary>The day's flash budget is used up: the same may be done the next day.</summary>
internal sealed class FlashBudgetException(string message) : EdgeAgentException(message);
