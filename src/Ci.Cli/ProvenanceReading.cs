using System.Runtime.InteropServices;
using Ci.Evaluation;
using Ci.Git;
using Ci.Releases;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli;

/// <summary>Where a release comes from, read from the repository around it.</summary>
internal static class ProvenanceReading
{
    private const int MaxParameters = 2000;

    public static async Task<Provenance> ReadAsync(CliContext context, ModelEvaluation evaluation, CancellationToken ct)
    {
        var repository = await GitRepository.OpenAsync(context.WorkingDirectory, GitSettings.Of(context), ct);
        var commit = await repository.ResolveAsync("HEAD", ct) ?? throw new CliException($"{repository.Path} has no commit yet: a release names the commit that it was made from");
        var parameters = Parameters(context.FullPath("params.yaml"));
        var lockFile = context.FullPath("dvc.lock");
        return new Provenance
        {
            Commit = commit,
            Dirty = await repository.IsDirtyAsync(ct),
            PipelineLockSha256 = File.Exists(lockFile) ? Sha256Digest.Of(await File.ReadAllBytesAsync(lockFile, ct)) : null,
            DataSha256 = DataOf(evaluation),
            Parameters = parameters,
            Seeds = parameters.Where(p => p.Key == "seed" || p.Key.EndsWith(".seed", StringComparison.Ordinal))
                .Where(p => long.TryParse(p.Value, out _)).ToDictionary(p => p.Key, p => long.Parse(p.Value), StringComparer.Ordinal),
            RunnerImage = context.Variable("MLOPS_RUNNER_IMAGE"),
            Hardware = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors",
            CreatedAt = context.Time.GetUtcNow(),
        };
    }

    private static Dictionary<string, Sha256Digest> DataOf(ModelEvaluation evaluation)
    {
        var data = new Dictionary<string, Sha256Digest>(StringComparer.Ordinal) { [evaluation.Data.Path] = Sha256Digest.Parse(evaluation.Data.Sha256) };
        if (evaluation.Data is { TrainingPath: { } path, TrainingSha256: { } digest })
            data[path] = Sha256Digest.Parse(digest);
        return data;
    }

    /// <summary>The file's scalars by dotted key; empty without the file.</summary>
    private static Dictionary<string, string> Parameters(string file)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file))
            return found;
        var stream = new YamlStream();
        using (var reader = new StreamReader(file))
        {
            try
            {
                stream.Load(reader);
            }
            catch (YamlDotNet.Core.YamlException error)
            {
                throw new CliException($"{file}:{error.Start.Line}: not valid YAML: {error.Message}", inner: error);
            }
        }

        if (stream.Documents.Count > 0)
            Flatten(stream.Documents[0].RootNode, "", found);
        return found;
    }

    private static void Flatten(YamlNode node, string key, Dictionary<string, string> found)
    {
        if (found.Count >= MaxParameters)
            throw new CliException($"params.yaml holds more than {MaxParameters} values");
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (name, value) in map)
                    Flatten(value, key.Length == 0 ? name.ToString() : $"{key}.{name}", found);
                break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                    Flatten(list.Children[i], $"{key}.{i}", found);
                break;
            case YamlScalarNode scalar:
                found[key] = scalar.Value ?? "";
                break;
        }
    }
}
