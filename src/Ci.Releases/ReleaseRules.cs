namespace Ci.Releases;

/// <summary>Every rule of a release document that its types do not already hold.</summary>
internal static class ReleaseRules
{
    private const int MaxArtifacts = 256;
    private const int MaxTensors = 256;
    private const int MaxEntries = 4096;

    public static void Check(Release release)
    {
        Need(Names.IsName(release.Name), $"name {Names.Quote(release.Name)} is not 2 to 64 letters, digits, '-' or '_'");
        Need(SemanticVersion.TryParse(release.Version, out _), $"version {Names.Quote(release.Version)} is not a semantic version");
        CheckArtifacts(release);
        CheckTensors(release.Inputs, "input");
        CheckTensors(release.Outputs, "output");
        Need(release.LeastRuntime is null || Version.TryParse(release.LeastRuntime, out _), "leastRuntime is not a version such as 1.17.0");
        Need(release.Opsets.Count <= 64, "too many opsets");
        CheckProvenance(release.Provenance);
        CheckGolden(release);
        CheckLimits(release.Limits);
        if (release.Target?.Problem() is { } problem)
            Need(false, problem);
        CheckBinding(release, release.EvaluationSha256, ArtifactRole.Evaluation);
        CheckBinding(release, release.VerdictSha256, ArtifactRole.Verdict);
    }

    private static void CheckArtifacts(Release release)
    {
        Need(release.Artifacts.Count is > 0 and <= MaxArtifacts, $"it has {release.Artifacts.Count} artifacts; 1 to {MaxArtifacts} are allowed");
        // Ignoring case: two such names would be one file on some systems.
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Release.FileName, Release.BundleFileName };
        foreach (var artifact in release.Artifacts)
        {
            if (!Names.IsConfinedPath(artifact.Path))
            {
                throw new ReleaseRefusedException(
                    RefusalCode.PathEscape, $"artifact path {Names.Quote(artifact.Path)} is not a plain relative path inside the release");
            }

            Need(seen.Add(artifact.Path), $"artifact {Names.Quote(artifact.Path)} stands twice, or takes the name of the document or its signature");
            Need(artifact.Bytes is >= 0 and < Documents.MaxInteger, $"artifact {Names.Quote(artifact.Path)} has the impossible size {artifact.Bytes}");
            if (artifact.Chunks?.ProblemFor(artifact.Bytes) is { } problem)
                Need(false, $"artifact {Names.Quote(artifact.Path)} {problem}");
            Need(ArtifactRole.IsKnown(artifact.Role), $"artifact {Names.Quote(artifact.Path)} has the unknown role {Names.Quote(artifact.Role)}");
        }

        foreach (var role in ArtifactRole.Single)
            Need(release.Artifacts.Count(artifact => artifact.Role == role) <= 1, $"more than one artifact has the role {role}");
        Need(release.ByRole(ArtifactRole.Model) is not null, "no artifact has the role model");
    }

    private static void CheckTensors(IReadOnlyList<TensorSignature> tensors, string what)
    {
        Need(tensors.Count is > 0 and <= MaxTensors, $"it has {tensors.Count} {what}s; 1 to {MaxTensors} are allowed");
        Need(tensors.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count() == tensors.Count, $"two {what}s have the same name");
        foreach (var tensor in tensors)
        {
            Need(tensor.Name.Length is > 0 and <= 256, $"an {what} has no name, or one of more than 256 characters");
            Need(Datatypes.IsKnown(tensor.Datatype), $"{what} {Names.Quote(tensor.Name)} has the unknown datatype {Names.Quote(tensor.Datatype)}");
            Need(tensor.Shape.Count <= 8 && tensor.Shape.All(size => size is >= -1 and < int.MaxValue), $"{what} {Names.Quote(tensor.Name)} has an impossible shape");
        }
    }

    private static void CheckProvenance(Provenance provenance)
    {
        Need(provenance.Commit is { Length: 40 or 64 } commit && commit.All(char.IsAsciiHexDigitLower), "provenance.commit is not a full commit id");
        Need(
            provenance.DataSha256.Count <= MaxEntries && provenance.Parameters.Count <= MaxEntries && provenance.Seeds.Count <= MaxEntries,
            $"provenance has more than {MaxEntries} entries in one map");
        Need(provenance.Seeds.Values.All(seed => seed is > -Documents.MaxInteger and < Documents.MaxInteger), "a seed is beyond 2^53");
    }

    private static void CheckGolden(Release release)
    {
        var golden = release.ByRole(ArtifactRole.Golden);
        Need(golden is not null && golden.Path == release.Golden.Path, "golden.path is not the artifact with the role golden");
        Need(release.Golden.Outputs.Count > 0, "the golden set compares no output: it would pass by default");
        foreach (var output in release.Golden.Outputs)
        {
            Need(release.Outputs.Any(tensor => tensor.Name == output.Name), $"the golden set names {Names.Quote(output.Name)}, which is no output");
            Need(
                double.IsFinite(output.AbsoluteTolerance) && output.AbsoluteTolerance >= 0
                && double.IsFinite(output.RelativeTolerance) && output.RelativeTolerance >= 0,
                $"the tolerance of {Names.Quote(output.Name)} is negative or not finite");
        }
    }

    private static void CheckLimits(DeviceLimits limits)
    {
        Need(limits.MaxBytes is > 0 and < Documents.MaxInteger, "limits.maxBytes is not positive");
        Need(limits.MaxPeakMemoryBytes is null or (> 0 and < Documents.MaxInteger), "limits.maxPeakMemoryBytes is not positive");
        Need(limits.MaxP95LatencyMs is not { } latency || (double.IsFinite(latency) && latency > 0), "limits.maxP95LatencyMs is not positive");
    }

    private static void CheckBinding(Release release, Sha256Digest? digest, string role)
    {
        var artifact = release.ByRole(role);
        Need(artifact is null || artifact.Sha256 == digest, $"{role}Sha256 is not the digest of the artifact with the role {role}");
    }

    private static void Need(bool holds, string otherwise)
    {
        if (!holds)
            throw new ReleaseRefusedException(RefusalCode.ReleaseMalformed, $"{Release.FileName}: {otherwise}");
    }
}
