using System.Text.Json.Nodes;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>The identity of a promotion: the same merge gives the same id, so that applying twice is applying once.</summary>
internal static class PromotionId
{
    public static Sha256Digest Of(string environment, string model, Sha256Digest release, string source) => Sha256Digest.Of(CanonicalJson.Of(new JsonObject
    {
        ["environment"] = environment, ["model"] = model, ["release"] = release.Hex, ["source"] = source,
    }));
}
