namespace Ci.EdgeAgent.Configuration;

/// <summary>agent.json, read and checked; docs/protocol/agent-configuration.md says every member with its default.</summary>
internal sealed record AgentConfiguration
{
    public const string SchemaName = "mlops.agent-configuration/v1";

    public required string Device { get; init; }

    public required string Environment { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The deploy repository: a Git URL or a path.</summary>
    public required string SourceGit { get; init; }

    public string SourceBranch { get; init; } = "main";

    /// <summary>For an HTTP(S) source, from <c>MLOPS_EDGE_SOURCE_TOKEN</c> (or a file or credential, see <see cref="SecretFiles"/>) alone.</summary>
    public string? SourceToken { get; init; }

    public required string Store { get; init; }

    /// <summary>Paths of PEM files with the public keys that may sign releases.</summary>
    public required IReadOnlyList<string> TrustedKeys { get; init; }

    /// <summary>The agent's own folder; all state lies there.</summary>
    public required string Data { get; init; }

    public string Listen { get; init; } = "http://127.0.0.1:8080";

    public double PollSeconds { get; init; } = 60;

    public double SoakSeconds { get; init; } = 300;

    /// <summary>Null: no telemetry leaves the device.</summary>
    public string? MailboxStore { get; init; }

    public double MailboxSeconds { get; init; } = 300;

    public string? OnnxRuntime { get; init; }

    /// <summary>Execution providers in order of preference; a fallback is told in the status.</summary>
    public IReadOnlyList<string> Providers { get; init; } = ["CPU"];

    public int Threads { get; init; } = 1;

    public long MaxBodyBytes { get; init; } = 16 * 1024 * 1024;

    public int MaxConcurrency { get; init; } = 64;

    public CanarySettings Canary { get; init; } = new();

    public ShadowSettings Shadow { get; init; } = new();

    public SwapSettings Swap { get; init; } = new();

    public RolloutSettings Rollout { get; init; } = new();

    public LogSettings Log { get; init; } = new();

    public HealthSettings Health { get; init; } = new();

    public QuotaSettings Quota { get; init; } = new();
}
