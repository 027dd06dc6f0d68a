using System.Text.Json;

namespace Ci.EdgeAgent.Configuration;

/// <summary>Reads agent.json. Relative paths are relative to its folder; <c>MLOPS_EDGE_…</c> variables come before the file.</summary>
internal static class AgentConfigurationFile
{
    public const string Prefix = "MLOPS_EDGE_";
    private const int MaxBytes = 256 * 1024;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    public static AgentConfiguration Read(string path, IReadOnlyDictionary<string, string> environment) => ReadAll(path, environment).Configuration;

    /// <inheritdoc cref="ParseAll"/>
    public static (AgentConfiguration Configuration, IReadOnlyCollection<Setting> Settings) ReadAll(string path, IReadOnlyDictionary<string, string> environment)
    {
        var full = Path.GetFullPath(path);
        var info = new FileInfo(full);
        if (!info.Exists)
            throw new AgentConfigurationException(full, ["there is no such file; give --config, an example stands in templates/edge-agent/agent.json"]);
        if (info.Length > MaxBytes)
            throw new AgentConfigurationException(full, [$"it has {info.Length} bytes; at most {MaxBytes} are read"]);
        return ParseAll(File.ReadAllBytes(full), full, environment);
    }

    public static AgentConfiguration Parse(ReadOnlyMemory<byte> json, string path, IReadOnlyDictionary<string, string> environment) => ParseAll(json, path, environment).Configuration;

    /// <summary>The configuration, and every setting with where its value comes from.</summary>
    public static (AgentConfiguration Configuration, IReadOnlyCollection<Setting> Settings) ParseAll(
        ReadOnlyMemory<byte> json, string path, IReadOnlyDictionary<string, string> environment)
    {
        using var document = ParseJson(json, path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new AgentConfigurationException(path, ["the document must be a JSON object"]);
        var read = new SettingReader(document.RootElement, environment);
        var folder = Path.GetDirectoryName(path)!;
        var configuration = Build(read, folder);
        CheckSchema(document.RootElement, read.Errors);
        SecretRules.Check(document.RootElement, "", read.Errors);
        AgentConfigurationRules.Check(configuration, read.Errors);
        read.RefuseUnknown(Prefix);
        return read.Errors.Count == 0 ? (configuration, read.Settings) : throw new AgentConfigurationException(path, read.Errors);
    }

    /// <summary>All settings that there are, with their defaults; in paths, NAME stands for a model's name.</summary>
    public static IReadOnlyCollection<Setting> Catalogue()
    {
        using var document = JsonDocument.Parse("""{"models":["NAME"]}""");
        var read = new SettingReader(document.RootElement, new Dictionary<string, string>());
        _ = Build(read, Path.GetFullPath("."));
        return read.Settings;
    }

    private static AgentConfiguration Build(SettingReader read, string folder)
    {
        var defaults = Defaults;
        var models = read.Texts("models", Prefix + "MODELS", ',') ?? [];
        return new AgentConfiguration
        {
            Device = read.Need("device", Prefix + "DEVICE", "this device's name"),
            Environment = read.Need("environment", Prefix + "ENVIRONMENT", "development, staging or production"),
            Models = models,
            SourceGit = LocatedGit(read.Text("source.git", Prefix + "SOURCE_GIT") ?? "", folder),
            SourceMirror = read.Text("source.mirror", Prefix + "SOURCE_MIRROR") is { } mirror ? Located(mirror, folder) : null,
            SourceKeys = [.. (read.Texts("source.keys", Prefix + "SOURCE_KEYS", ':') ?? []).Select(p => Path.GetFullPath(p, folder))],
            SourceBranch = read.Text("source.branch", Prefix + "SOURCE_BRANCH") ?? defaults.SourceBranch,
            SourceToken = read.Text("source.token", Prefix + "SOURCE_TOKEN"),
            Store = Located(read.Need("store", Prefix + "STORE", "the blob store, a folder or URL"), folder),
            TrustedKeys = [.. (read.Texts("trustedKeys", Prefix + "TRUSTED_KEYS", ':') ?? []).Select(p => Path.GetFullPath(p, folder))],
            Data = Path.GetFullPath(read.Need("data", Prefix + "DATA", "the agent's own folder"), folder),
            Listen = read.Text("listen", Prefix + "LISTEN") ?? defaults.Listen,
            PollSeconds = read.Number("pollSeconds", Prefix + "POLL_SECONDS", defaults.PollSeconds, 0.05, 86_400),
            SoakSeconds = read.Number("soakSeconds", Prefix + "SOAK_SECONDS", defaults.SoakSeconds, 0, 604_800),
            MailboxStore = read.Text("mailbox.store", Prefix + "MAILBOX_STORE") is { } store ? Located(store, folder) : null,
            MailboxSeconds = read.Number("mailbox.seconds", Prefix + "MAILBOX_SECONDS", defaults.MailboxSeconds, 0.1, 86_400),
            OnnxRuntime = read.Text("onnxRuntime", Prefix + "ONNX_RUNTIME") is { } library ? Path.GetFullPath(library, folder) : null,
            Providers = read.Texts("providers", Prefix + "PROVIDERS", ',') ?? defaults.Providers,
            Threads = (int)read.Whole("threads", Prefix + "THREADS", defaults.Threads, 1, 256),
            MaxBodyBytes = read.Whole("limits.maxBodyBytes", Prefix + "MAX_BODY_BYTES", defaults.MaxBodyBytes, 1024, 1L << 30),
            MaxConcurrency = (int)read.Whole("limits.maxConcurrency", Prefix + "MAX_CONCURRENCY", defaults.MaxConcurrency, 1, 65_536),
            Canary = CanarySettings.Read(read, Prefix),
            Shadow = ShadowSettings.Read(read, Prefix),
            Swap = SwapSettings.Read(read, Prefix),
            Rollout = RolloutSettings.Read(read, Prefix),
            Log = LogSettings.Read(read, Prefix),
            Health = HealthSettings.Read(read, Prefix),
            Quota = QuotaSettings.Read(read, Prefix),
            Fetch = Located(FetchSettings.Read(read, Prefix), folder),
            Trust = TrustSettings.Read(read, Prefix),
            Limits = LimitsSettings.Read(read),
            Batching = BatchingSettings.Read(read, models),
            GrpcListen = read.Text("grpcListen", Prefix + "GRPC_LISTEN"),
        };
    }

    private static AgentConfiguration Defaults { get; } = new()
    {
        Device = "", Environment = "", Models = [], SourceGit = "", Store = "", TrustedKeys = [], Data = "",
    };

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException error)
        {
            throw new AgentConfigurationException(path, [$"{(error.LineNumber is { } line ? $"line {line + 1}: " : "")}not valid JSON: {error.Message}"]);
        }
    }

    private static void CheckSchema(JsonElement root, List<string> errors)
    {
        if (root.TryGetProperty("schema", out var schema) && (schema.ValueKind != JsonValueKind.String || schema.GetString() != AgentConfiguration.SchemaName))
            errors.Add($"`schema` must be \"{AgentConfiguration.SchemaName}\" where it is given");
    }

    private static string LocatedGit(string git, string folder) => git == AgentConfiguration.ImportsAlone ? git : Located(git, folder);

    private static FetchSettings Located(FetchSettings fetch, string folder) => fetch with { Mirrors = [.. fetch.Mirrors.Select(m => Located(m, folder))] };

    // A path stays a path whichever folder the agent is started in; "https://…" and "user@host:…" are left as they are.
    private static string Located(string address, string folder) =>
        address.Length == 0 || address.Contains(':', StringComparison.Ordinal) ? address : Path.GetFullPath(address, folder);
}
