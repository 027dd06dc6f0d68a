using System.Security.Cryptography;
using Ci.Evaluation;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.Cli;

/// <summary>Collects, hashes again, signs and writes one release: all of it, or nothing.</summary>
internal sealed class ReleaseMaking(CliContext context)
{
    private readonly List<ReleaseFile> files = [];

    public sealed record Asked(
        string Model, string Evaluation, string? Predictions, string? Verdict, string? GoldenData, string? Golden, bool SkipGoldenCheck,
        string Name, string Version, string Out, long? MaxBytes, long? MaxMemory, double? MaxLatency, DeviceTarget? Target = null);

    public async Task<Release> MakeAsync(Asked asked, ECDsa key, CancellationToken ct)
    {
        var model = await this.AddAsync(asked.Model, ArtifactRole.Model, ct);
        var evaluationFile = await this.AddAsync(asked.Evaluation, ArtifactRole.Evaluation, ct, "evaluation.json");
        var evaluation = ModelEvaluation.Read(files[^1].Bytes);
        Same(evaluation.Model.Sha256, model.Sha256, $"{asked.Evaluation} measured another file than {asked.Model}: evaluate this one");
        var facts = this.AddWeights(asked, evaluation);
        if (asked.Predictions is not null)
        {
            var predictions = await this.AddAsync(asked.Predictions, ArtifactRole.Predictions, ct, "predictions.csv.gz");
            Same(evaluation.Predictions?.Sha256, predictions.Sha256, $"{asked.Predictions} is not the file that {asked.Evaluation} names");
        }

        var verdict = asked.Verdict is null ? null : await this.AddAsync(asked.Verdict, ArtifactRole.Verdict, ct, "verdict.json");
        if (verdict is not null)
            Same(Verdict.Read(files[^1].Bytes).Candidate.EvaluationSha256, evaluationFile.Sha256, $"{asked.Verdict} is about another evaluation than {asked.Evaluation}: compare again");

        var golden = this.Golden(asked, files[0].Bytes);
        files.Add(ReleaseFile.Of("golden.json", ArtifactRole.Golden, golden.ToBytes()));
        var total = files.Sum(file => file.Artifact.Bytes);
        var release = new Release
        {
            Name = asked.Name,
            Version = asked.Version.TrimStart('v'),
            Artifacts = [.. files.Select(file => file.Artifact)],
            Inputs = [.. facts.Inputs.Select(Signature)],
            Outputs = [.. facts.Outputs.Where(output => output.Datatype is not null).Select(Signature)],
            Opsets = facts.Opsets.ToDictionary(opset => opset.Key.Length == 0 ? "ai.onnx" : opset.Key, opset => opset.Value, StringComparer.Ordinal),
            LeastRuntime = LeastRuntime(facts.Opsets.GetValueOrDefault("", facts.Opsets.GetValueOrDefault("ai.onnx"))),
            Provenance = await ProvenanceReading.ReadAsync(context, evaluation, ct),
            EvaluationSha256 = evaluationFile.Sha256,
            VerdictSha256 = verdict?.Sha256,
            Golden = new GoldenReference
            {
                Path = "golden.json",
                Outputs = [.. golden.Tolerance.Select(t => new GoldenTolerance { Name = t.Key, AbsoluteTolerance = t.Value.Absolute, RelativeTolerance = t.Value.Relative })],
            },
            Limits = new DeviceLimits { MaxBytes = asked.MaxBytes ?? Math.Max(64L << 20, total), MaxPeakMemoryBytes = asked.MaxMemory, MaxP95LatencyMs = asked.MaxLatency },
            Target = asked.Target,
        }.Seal();
        if (release.TotalBytes > release.Limits.MaxBytes)
            throw new CliException($"the files have {release.TotalBytes} bytes, more than --max-bytes {release.Limits.MaxBytes}", ExitCode.Refused);
        this.Write(context.FullPath(asked.Out), release, key);
        return release;
    }

    private GoldenSet Golden(Asked asked, byte[] model)
    {
        if ((asked.Golden is null) == (asked.GoldenData is null))
            throw new CliException("give either --golden-data (rows to run the model on) or --golden (a golden set made by hand)", ExitCode.Usage);
        if (asked.Golden is not null && asked.SkipGoldenCheck)
            return this.ReadGolden(asked.Golden);
        using var session = OnnxSession.Load(OnnxRuntime.Load(null, context.Environment), model, files: this.Beside(asked));
        if (asked.Golden is null)
            return GoldenMaking.Of(session, context.FullPath(asked.GoldenData!));
        var golden = this.ReadGolden(asked.Golden);
        GoldenMaking.Check(session, golden);
        return golden;
    }

    private GoldenSet ReadGolden(string file)
    {
        if (!File.Exists(context.FullPath(file)))
            throw new CliException($"{file} does not exist; --golden names a golden set made by hand");
        try
        {
            return GoldenSet.Read(File.ReadAllBytes(context.FullPath(file)));
        }
        catch (ReleaseRefusedException error)
        {
            throw new CliException($"{file}: {error.Message}", inner: error);
        }
    }

    /// <summary>The files beside the model that hold weights of it, each exactly as it was evaluated.</summary>
    private OnnxModelFacts AddWeights(Asked asked, ModelEvaluation evaluation)
    {
        var beside = this.Beside(asked);
        var facts = OnnxModelFile.Read(files[0].Bytes, beside).Facts;
        foreach (var name in facts.ExternalDataPaths)
        {
            var file = ReleaseFile.From(Path.Combine(beside.Folder, name), name, ArtifactRole.Other);
            var evaluated = evaluation.Model.ExternalData?.FirstOrDefault(e => e.Path == name)?.Sha256;
            Same(evaluated, file.Artifact.Sha256, $"{asked.Evaluation} measured other weights than {name} beside {asked.Model}: evaluate these");
            files.Add(file);
        }

        return facts;
    }

    private ExternalFiles Beside(Asked asked) => ExternalFiles.Beside(Path.GetDirectoryName(context.FullPath(asked.Model))!);

    private async Task<Artifact> AddAsync(string file, string role, CancellationToken ct, string? name = null)
    {
        var path = context.FullPath(file);
        if (!File.Exists(path))
            throw new CliException($"{path} does not exist");
        files.Add(ReleaseFile.Of(name ?? Path.GetFileName(path), role, await File.ReadAllBytesAsync(path, ct)));
        return files[^1].Artifact;
    }

    // Built beside the target and moved there whole.
    private void Write(string target, Release release, ECDsa key)
    {
        target = Path.TrimEndingDirectorySeparator(target);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, Release.FileName)))
            throw new CliException($"{target} is not empty and holds no release; give another folder with --out");
        var temporary = $"{target}.tmp-{release.Id.Brief}";
        Directory.CreateDirectory(temporary);
        try
        {
            var document = release.ToBytes();
            foreach (var file in files)
                file.Write(temporary);
            File.WriteAllBytes(Path.Combine(temporary, Release.FileName), document);
            File.WriteAllBytes(Path.Combine(temporary, Release.BundleFileName), ReleaseVerification.Sign(key, release, document));
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            Directory.Move(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private static TensorSignature Signature(TensorInfo tensor) => new()
    {
        Name = tensor.Name, Datatype = tensor.Datatype ?? throw new CliException($"{tensor} has a type that the Open Inference Protocol cannot carry"), Shape = tensor.Shape,
    };

    private static void Same(string? named, Sha256Digest found, string otherwise)
    {
        if (named != found.Hex)
            throw new CliException(otherwise, ExitCode.Refused);
    }

    /// <summary>The first ONNX Runtime that knows an operator set, by its published table of versions; null for newer sets.</summary>
    private static string? LeastRuntime(long opset) => opset switch
    {
        <= 0 or > 21 => null,
        <= 15 => "1.10.0",
        16 => "1.11.0",
        17 => "1.12.0",
        18 => "1.14.0",
        19 => "1.15.0",
        20 => "1.17.0",
        _ => "1.18.0",
    };
}
