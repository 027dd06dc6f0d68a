using System.Security.Cryptography;
using System.Text;

namespace Ci.Pipelines.Experiments;

/// <summary>Makes names that people can say: an adjective and a noun.</summary>
public static class ExperimentNames
{
    private static readonly string[] Adjectives =
    [
        "amber", "ample", "apt", "azure", "bold", "brave", "brief", "bright", "brisk", "calm", "candid", "clear", "clever", "cosy", "crisp", "curious", "deft", "eager", "early",
        "fair", "fine", "firm", "fleet", "fresh", "frosty", "gentle", "glad", "golden", "grand", "green", "happy", "hardy", "honest", "humble", "jolly", "keen", "kind", "lively",
        "loyal", "lucid", "lucky", "mellow", "merry", "mild", "misty", "modest", "neat", "nimble", "noble", "patient", "plain", "proud", "quick", "quiet", "rapid", "rosy", "round",
        "royal", "sharp", "silent", "silver", "sleek", "smart", "smooth", "snug", "solid", "spry", "steady", "sturdy", "sunny", "swift", "tender", "tidy", "vivid", "warm", "wise",
    ];

    private static readonly string[] Nouns =
    [
        "acorn", "alder", "aspen", "badger", "basin", "beach", "birch", "bison", "bloom", "brook", "canyon", "cedar", "cliff", "cloud", "clover", "comet", "coral", "crane", "creek",
        "dune", "eagle", "ember", "falcon", "fern", "field", "finch", "fjord", "forest", "fox", "glade", "grove", "harbor", "hare", "hawk", "hazel", "heron", "hill", "island",
        "ivy", "lagoon", "lake", "larch", "lark", "linden", "lynx", "maple", "marsh", "meadow", "moss", "oak", "ocean", "orchid", "otter", "owl", "pebble", "pine", "plain",
        "pond", "poplar", "quail", "raven", "reed", "ridge", "river", "robin", "rowan", "sage", "shore", "sparrow", "spruce", "stone", "stream", "swan", "thrush", "valley", "willow", "wren",
    ];

    /// <summary>The name that a text stands for, the same every time; a later attempt gives another one.</summary>
    public static string Of(string text, int attempt = 0)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt}\n{text}"));
        var (a, b) = (BitConverter.ToUInt32(hash, 0), BitConverter.ToUInt32(hash, 4));
        var name = $"{Adjectives[a % Adjectives.Length]}-{Nouns[b % Nouns.Length]}";
        // There are some thousand pairs: a project with many experiments gets numbers after the first few collisions.
        return attempt < 5 ? name : $"{name}-{(BitConverter.ToUInt32(hash, 8) % 9000) + 1000}";
    }
}
