using Ci.Data;

namespace Ci.Pipelines;

/// <summary>What a target means: a stage, or a pointer.</summary>
/// <param name="Stage">Null for a pointer.</param>
/// <param name="Pointer">Null for a stage.</param>
/// <param name="Path">Where the target was an output, or something inside one; absolute.</param>
internal sealed record Selected(Stage? Stage, PointerFile? Pointer, string? Path = null)
{
    public static Selected Of(Stage stage) => new(stage, null);

    public static Selected Of(PointerFile pointer) => new(null, pointer);
}
