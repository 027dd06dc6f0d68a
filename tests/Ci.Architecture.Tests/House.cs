namespace Ci.Architecture.Tests;

/// <summary>The rooms and the arrows between them, as docs/adr/0000-the-house.md draws them. A new arrow is a decision page first.</summary>
internal static class House
{
    public static readonly IReadOnlyDictionary<string, string[]> Arrows = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Ci.Statistics"] = [],
        ["Ci.Onnx"] = [],
        ["Ci.Storage"] = [],
        ["Ci.Git"] = [],
        ["Ci.Data"] = ["Ci.Storage"],
        ["Ci.Pipelines"] = ["Ci.Data", "Ci.Git"],
        ["Ci.Training"] = ["Ci.Onnx", "Ci.Statistics"],
        ["Ci.Evaluation"] = ["Ci.Onnx", "Ci.Statistics"],
        ["Ci.Reporting"] = ["Ci.Evaluation", "Ci.Statistics"],
        ["Ci.Jobs"] = [],
        ["Ci.Forges"] = [],
        ["Ci.Releases"] = [],
        ["Ci.Registry"] = ["Ci.Git", "Ci.Releases"],
        ["Ci.Promotion"] = ["Ci.Forges", "Ci.Git", "Ci.Registry", "Ci.Releases", "Ci.Storage"],
        ["Ci.Monitoring"] = ["Ci.Releases", "Ci.Statistics", "Ci.Storage"],
        ["Ci.EdgeAgent"] = ["Ci.Git", "Ci.Onnx", "Ci.Releases", "Ci.Statistics", "Ci.Storage"],
    };

    /// <summary>Rooms without I/O, clock, environment or forge.</summary>
    public static readonly string[] Pure = ["Ci.Statistics", "Ci.Releases"];
}
