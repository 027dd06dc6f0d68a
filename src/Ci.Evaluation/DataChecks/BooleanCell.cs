using System.Text;

namespace Ci.Evaluation;

/// <summary>Cells as truth: true, false in any case, 1, 0.</summary>
internal static class BooleanCell
{
    public static bool? TryRead(ReadOnlySpan<byte> cell) => cell switch
    {
        [(byte)'1'] => true,
        [(byte)'0'] => false,
        _ when Ascii.EqualsIgnoreCase(cell, "true"u8) => true,
        _ when Ascii.EqualsIgnoreCase(cell, "false"u8) => false,
        _ => null,
    };
}
