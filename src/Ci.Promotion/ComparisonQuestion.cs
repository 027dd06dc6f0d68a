using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion;

/// <summary>May this release replace that one?</summary>
/// <param name="Candidate">The release that wants in.</param>
/// <param name="Live">What the environment's channel names now.</param>
/// <param name="Gates">The bytes of the gate file.</param>
/// <param name="GatesFile">What messages call it: "gates.yaml on staging".</param>
/// <param name="Store">Where the files of both lie, under their digests.</param>
public sealed record ComparisonQuestion(VerifiedRelease Candidate, VerifiedRelease Live, byte[] Gates, string GatesFile, IBlobStore Store);
