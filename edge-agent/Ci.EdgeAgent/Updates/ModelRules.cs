using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// What a model may ask of this device, however well it is signed: a key that was stolen, or a training job that took in somebody's
/// file, must not become a program here. Looks at the files on this device's disk; runs nothing.
/// </summary>
internal static class ModelRules
{
    private static readonly string[] LibraryEndings = [".so", ".dll", ".dylib", ".ort_customops"];

    /// <summary>Every rule.</summary>
    /// <exception cref="ReleaseRefusedException">The first that does not hold.</exception>
    public static void Check(Release release, TrustSettings trust, string runtimeVersion, IDeviceFiles files, ObjectStore objects)
    {
        foreach (var artifact in ModelRoom.Needed(release))
            CheckLibrary(artifact, files, objects);
        var found = Inspect(release.Model, trust, files, objects);
        CheckOpset(found.Opsets, trust, runtimeVersion);
        foreach (var (domain, name) in found.Operators.Order())
            CheckOperator(domain, name, trust);
        foreach (var (file, bytes) in found.ExternalFiles)
            CheckExternal(release, file, bytes);
    }

    /// <summary>The default operator set of a release or model, against what this device takes.</summary>
    public static void CheckOpset(IReadOnlyDictionary<string, long> opsets, TrustSettings trust, string runtimeVersion)
    {
        if (!opsets.TryGetValue("ai.onnx", out var opset))
            return;
        var most = trust.MostOpset > 0 ? trust.MostOpset : OpsetSupport.NewestOf(runtimeVersion) ?? long.MaxValue;
        if (opset < trust.LeastOpset || opset > most)
            throw new ReleaseRefusedException(RefusalCode.OpsetRange, $"it needs operator set {opset}; this device (ONNX Runtime {runtimeVersion}) takes {trust.LeastOpset} to {(most == long.MaxValue ? "any" : $"{most}")}");
    }

    private static ModelInspection Inspect(Artifact model, TrustSettings trust, IDeviceFiles files, ObjectStore objects)
    {
        var bounds = new ModelBounds { Nodes = trust.MaxNodes, TensorBytes = trust.MaxTensorBytes };
        try
        {
            if (DurableFile.Read(files, objects.PathOf(model.Sha256.Hex), int.MaxValue - 64) is not { } bytes)
                throw new ReleaseRefusedException(RefusalCode.BlobMissing, $"{model.Path} is not on this device");
            return ModelInspection.Of(bytes, model.Path, bounds);
        }
        catch (UnsafeModelException error)
        {
            throw new ReleaseRefusedException(error.IsExternalData ? RefusalCode.ExternalData : RefusalCode.ModelUnsafe, error.Message, error);
        }
        catch (Exception error) when (error is OnnxModelException or InvalidDataException)
        {
            throw new ReleaseRefusedException(RefusalCode.ModelUnsafe, error.Message, error);
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new ReleaseRefusedException(RefusalCode.ModelUnsafe, $"{model.Path} is nested too deeply", error);
        }
    }

    private static void CheckOperator(string domain, string name, TrustSettings trust)
    {
        if (!trust.OperatorDomains.Contains(domain, StringComparer.Ordinal))
            throw new ReleaseRefusedException(RefusalCode.OperatorRefused, $"it uses {Shown(domain, name)}; this device allows the domains {string.Join(", ", trust.OperatorDomains)} (`trust.operatorDomains`)");
        if (trust.Operators.Count > 0 && !Lists(trust.Operators, domain, name))
            throw new ReleaseRefusedException(RefusalCode.OperatorRefused, $"it uses {Shown(domain, name)}, which is not among those that this device allows (`trust.operators`)");
        if (Lists(trust.DeniedOperators, domain, name))
            throw new ReleaseRefusedException(RefusalCode.OperatorRefused, $"it uses {Shown(domain, name)}, which this device does not allow (`trust.deniedOperators`)");
    }

    private static bool Lists(IReadOnlyList<string> operators, string domain, string name) =>
        operators.Contains($"{domain}:{name}", StringComparer.Ordinal) || (domain == "ai.onnx" && operators.Contains(name, StringComparer.Ordinal));

    private static string Shown(string domain, string name) => Names.Quote(domain == "ai.onnx" ? name : $"{domain}:{name}");

    private static void CheckExternal(Release release, string file, long bytes)
    {
        var artifact = SideFiles.In(release).FirstOrDefault(f => f.Name == file).Artifact;
        if (artifact is null)
            throw new ReleaseRefusedException(RefusalCode.ExternalData, $"its weights lie in {Names.Quote(file)}, which is no file of the release");
        if (artifact.Bytes < bytes)
            throw new ReleaseRefusedException(RefusalCode.ExternalData, $"its weights need {bytes} bytes of {Names.Quote(file)}, which has {artifact.Bytes}");
    }

    // By name and by content: a library of operators is a program that the runtime would load into its own process.
    private static void CheckLibrary(Artifact artifact, IDeviceFiles files, ObjectStore objects)
    {
        var named = LibraryEndings.Any(ending => artifact.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase) || artifact.Path.Contains(ending + ".", StringComparison.OrdinalIgnoreCase));
        var first = new byte[4];
        using var stream = files.OpenRead(objects.PathOf(artifact.Sha256.Hex));
        var read = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        if (named || (read >= 2 && first.AsSpan(0, 2).SequenceEqual("MZ"u8)) || (read == 4 && IsProgram(first)))
            throw new ReleaseRefusedException(RefusalCode.CustomOperators, $"{artifact.Path} is a program library; models may only use the operators that ONNX Runtime brings");
    }

    private static bool IsProgram(ReadOnlySpan<byte> first) =>
        first.SequenceEqual("\x7FELF"u8) || first is [0xCF or 0xCE, 0xFA, 0xED, 0xFE] or [0xFE, 0xED, 0xFA, 0xCF or 0xCE] or [0xCA, 0xFE, 0xBA, 0xBE];
}
