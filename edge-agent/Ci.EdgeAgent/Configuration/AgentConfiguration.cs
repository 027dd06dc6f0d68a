namespace Ci.EdgeAgent.Configuration;

/// <summary>agent.json, read and checked; docs/protocol/agent-configuration.md says every member with its default.</summary>
internal sealed record AgentConfiguration
{
    public const string SchemaName = "mlops.agent-configuration/v1";

    public required string Device { get; init; }

    public required string Environment { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>As <c>source.git</c>: no repository and no mirror, only what <c>edge-agent import</c> brings.</summary>
    public const string ImportsAlone = "none";

    /// <summary>The deploy repository: a Git URL or a path; <see cref="ImportsAlone"/>; empty where a mirror is given.</summary>
    public required string SourceGit { get; init; }

    /// <summary>A mirror of the deploy repository (<c>mlops edge mirror</c>): a folder or a store's address.</summary>
    public string? SourceMirror { get; init; }

    /// <summary>PEM files with the public keys that may sign mirrors and bundles; empty: those that may sign releases.</summary>
    public IReadOnlyList<string> SourceKeys { get; init; } = [];

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

    public FetchSettings Fetch { get; init; } = new();

    public TrustSettings Trust { get; init; } = new();

    public LimitsSettings Limits { get; init; } = new();

    /// <summary>By model; a model that is not named joins nothing.</summary>
    public IReadOnlyDictionary<string, BatchingSettings> Batching { get; init; } = new Dictionary<string, BatchingSettings>(StringComparer.Ordinal);

    /// <summary>Where HTTP/2 without TLS is spoken: gRPC, and the same REST. Null: nowhere.</summary>
    public string? GrpcListen { get; init; }
}
