using System.Text.Json.Nodes;

namespace Ci.Cli.Verbs;

/// <summary>What the evidence says of one experiment beside the reference.</summary>
/// <param name="Word"><c>best</c>, <c>reference</c>, <c>better</c>, <c>worse</c>, <c>no clear difference</c>.</param>
/// <param name="Against">The reference's name.</param>
internal sealed record ExpFinding(string Word, string Against)
{
    /// <summary>The chance of such evidence without a difference, adjusted for the number of comparisons.</summary>
    public double? AdjustedP { get; init; }

    public int Comparisons { get; init; }

    /// <summary>This experiment minus the reference, in the metric's unit.</summary>
    public double? Difference { get; init; }

    public string? Method { get; init; }

    /// <summary>Behind the value in a table.</summary>
    public string Mark => this.Word == "no clear difference" ? " ~" : $" {this.Word}";

    public JsonObject ToJson() => new()
    {
        ["word"] = this.Word,
        ["against"] = this.Against,
        ["difference"] = this.Difference,
        ["adjustedP"] = this.AdjustedP,
        ["comparisons"] = this.Comparisons,
        ["method"] = this.Method,
    };
}
