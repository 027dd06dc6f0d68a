namespace Ci.EdgeAgent.Commands;

/// <summary>What a command did, as JSON.</summary>
internal sealed record CommandAnswer(string Command, bool Done, string Message)
{
    public string Schema { get; init; } = "mlops.agent-answer/v1";

    /// <summary>Whom it was for; absent where it was for all.</summary>
    public string? Model { get; init; }

    public string? Release { get; init; }

    /// <summary>Of a refusal.</summary>
    public string? Code { get; init; }
}
