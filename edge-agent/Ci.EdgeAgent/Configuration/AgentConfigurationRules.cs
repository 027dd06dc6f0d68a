namespace Ci.EdgeAgent.Configuration;

/// <summary>What the values must be like beyond their types: names that become paths and keys are held to a small alphabet.</summary>
internal static class AgentConfigurationRules
{
    private const int MaxModels = 64;

    public static void Check(AgentConfiguration configuration, List<string> errors)
    {
        CheckName("device", configuration.Device, errors);
        CheckName("environment", configuration.Environment, errors);
        CheckModels(configuration.Models, errors);
        CheckKeys(configuration.TrustedKeys, errors);
        CheckListen("listen", configuration.Listen, errors);
        if (configuration.GrpcListen is { } grpc)
            CheckListen("grpcListen", grpc, errors);
        if (configuration.SourceBranch.StartsWith('-') || configuration.SourceBranch.Contains(' ', StringComparison.Ordinal))
            errors.Add($"`source.branch` is no branch name: {configuration.SourceBranch}");
        configuration.Fetch.Check(errors);
        configuration.Trust.Check(errors);
        if (configuration.SourceGit.Length == 0 && configuration.SourceMirror is null)
            errors.Add("`source.git` is missing: the deploy repository, a Git URL or a path; or give `source.mirror`, or write `none` for imported bundles alone (MLOPS_EDGE_SOURCE_GIT)");
        if (configuration.SourceGit.Length > 0 && configuration.SourceMirror is not null)
            errors.Add("`source.git` and `source.mirror` are both given: one place says what to run");
        foreach (var key in configuration.SourceKeys.Where(k => !File.Exists(k)))
            errors.Add($"`source.keys` names {key}, which does not exist");
        if (configuration.OnnxRuntime is { } library && !File.Exists(library))
            errors.Add($"`onnxRuntime` names {library}, which does not exist");
    }

    private static void CheckModels(IReadOnlyList<string> models, List<string> errors)
    {
        if (models.Count is 0 or > MaxModels)
            errors.Add($"`models` must name 1 to {MaxModels} models");
        foreach (var model in models)
            CheckName("models", model, errors);
        foreach (var twice in models.GroupBy(m => m, StringComparer.Ordinal).Where(g => g.Count() > 1))
            errors.Add($"`models` names {twice.Key} more than once");
    }

    private static void CheckKeys(IReadOnlyList<string> keys, List<string> errors)
    {
        if (keys.Count == 0)
            errors.Add("`trustedKeys` must name at least one PEM file with a public key: an agent that trusts nobody can serve nothing");
        foreach (var key in keys.Where(k => !File.Exists(k)))
            errors.Add($"`trustedKeys` names {key}, which does not exist");
    }

    private static void CheckListen(string member, string listen, List<string> errors)
    {
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var uri) || uri.Scheme != "http" || uri.AbsolutePath != "/")
            errors.Add($"`{member}` must be like http://127.0.0.1:8080, not {listen}");
    }

    private static void CheckName(string member, string name, List<string> errors)
    {
        if (name.Length == 0)
            return; // Told already as missing.
        var fine = name.Length <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !name.Contains("..", StringComparison.Ordinal);
        if (!fine)
            errors.Add($"`{member}`: {name} is no name: letters, digits, '-', '_', '.', beginning with a letter or digit, at most 100");
    }
}
