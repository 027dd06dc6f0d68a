using System.Security.Cryptography;
using System.Text;
using Ci.Cli.Verbs;
using Ci.Evaluation;
using Ci.Promotion;
using Ci.Releases;
using Ci.Statistics;
using Ci.Storage;

namespace Ci.Cli;

/// <summary>
/// Judges a release against the live one by the evaluations and predictions that both sign, paired row by row as <c>mlops compare</c> does.
/// What was measured on other data is not comparable, whatever its figures say.
/// </summary>
internal sealed class PromotionComparison : IReleaseComparison
{
    // Signed is not small: a release may name any file as its predictions.
    private const long MostBytes = 512 << 20;

    public async Task<LiveComparison> CompareAsync(ComparisonQuestion question, CancellationToken ct = default)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-compare-").FullName;
        try
        {
            var gates = GateFile.Read(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(question.Gates), question.GatesFile);
            var candidate = await Side.FetchAsync(question.Candidate, question.Store, Path.Combine(folder, "candidate"), ct);
            var live = await Side.FetchAsync(question.Live, question.Store, Path.Combine(folder, "live"), ct);
            return Apart(candidate, live) ?? Judge(folder, gates, question, live);
        }
        catch (Exception error) when (error is EvaluationException or TableException or ReleaseRefusedException or BlobNotFoundException or DecoderFallbackException)
        {
            return LiveComparison.None(error is DecoderFallbackException ? $"{question.GatesFile} is not UTF-8 text; save it as UTF-8" : error.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LiveComparison? Apart(Side candidate, Side live)
    {
        var (mine, theirs) = (candidate.Evaluation.Data.Sha256, live.Evaluation.Data.Sha256);
        return mine == theirs
            ? null
            : LiveComparison.None(
                $"{candidate.Name} was measured on other data (SHA-256 {mine[..12]}…) than live {live.Name} ({theirs[..12]}…), so which is better is not known; "
                + $"evaluate the candidate on the data of live {live.Name} and release it again");
    }

    private static LiveComparison Judge(string folder, GateFile gates, ComparisonQuestion question, Side live)
    {
        var verdict = Comparer.Run(new CompareRequest
        {
            Folder = folder,
            CandidatePath = "candidate/evaluation.json",
            BaselinePath = "live/evaluation.json",
            BaselineLabel = $"live v{live.Version}",
            Gates = gates,
        });
        var open = verdict.Gates.Where(gate => gate.Applies && gate.Outcome != Outcome.Pass).OrderBy(gate => gate.Outcome == Outcome.Regress ? 0 : 1)
            .Select(gate => $"; {CompareVerb.Word(gate.Outcome)}: {gate.Name}: {gate.Reason}");
        return new LiveComparison
        {
            Outcome = CompareVerb.Word(verdict.Outcome),
            Words = $"{CompareVerb.Word(verdict.Outcome)} against live v{live.Version}:{CompareVerb.Change(verdict)}, by {question.GatesFile}{string.Concat(open)}",
        };
    }

    /// <summary>One release's evidence, laid out as the comparison finds it.</summary>
    private sealed record Side(string Name, string Version, ModelEvaluation Evaluation)
    {
        public static async Task<Side> FetchAsync(VerifiedRelease verified, IBlobStore store, string folder, CancellationToken ct)
        {
            var release = verified.Release;
            var name = $"{release.Name} {release.Version}";
            var document = await ReadAsync(verified, ArtifactRole.Evaluation, name, store, ct);
            var evaluation = Read(document, name);
            if (evaluation.Model.Sha256 != release.Model.Sha256.Hex)
                throw new EvaluationException($"the evaluation that {name} carries is about another model file; make the release again");
            // The evaluation says where it looks for its predictions; that path is confined to its folder.
            var named = evaluation.Predictions ?? throw new EvaluationException($"the evaluation of {name} names no per-example predictions; run `mlops evaluate --predictions predictions.csv.gz` and make the release again");
            var predictions = await ReadAsync(verified, ArtifactRole.Predictions, name, store, ct);
            var file = Path.Combine(folder, named.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, predictions, ct);
            await File.WriteAllBytesAsync(Path.Combine(folder, "evaluation.json"), document, ct);
            return new Side(name, release.Version, evaluation);
        }

        private static ModelEvaluation Read(byte[] document, string name)
        {
            try
            {
                return ModelEvaluation.Read(document);
            }
            catch (EvaluationException error)
            {
                throw new EvaluationException($"the evaluation of {name}: {error.Message}", error);
            }
        }

        private static async Task<byte[]> ReadAsync(VerifiedRelease verified, string role, string name, IBlobStore store, CancellationToken ct)
        {
            var artifact = verified.Release.ByRole(role)
                ?? throw new EvaluationException($"{name} carries no {role}, so it cannot be compared; make the release with `mlops release create --evaluation … --predictions …`");
            if (artifact.Bytes > MostBytes)
                throw new EvaluationException($"the {role} of {name} has {artifact.Bytes} bytes; at most {MostBytes} are read");
            await using var stream = await store.OpenReadAsync(BlobKeys.OfSha256(artifact.Sha256.Hex), ct: ct);
            var buffer = new byte[artifact.Bytes + 1];
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
            var bytes = buffer[..read];
            verified.CheckArtifact(artifact.Path, read, Sha256Digest.FromRaw(SHA256.HashData(bytes)));
            return bytes;
        }
    }
}
