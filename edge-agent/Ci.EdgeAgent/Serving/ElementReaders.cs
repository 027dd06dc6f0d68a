using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>
/// One reader a datatype. Numbers that the type cannot hold are refused, never wrapped or rounded to infinity. A null among floating
/// numbers is a missing value (NaN), as in golden sets; JSON has no other way to say it.
/// </summary>
internal static class ElementReaders
{
    public static bool Single(ref Utf8JsonReader r, out float v)
    {
        v = float.NaN;
        if (r.TokenType == JsonTokenType.Null)
            return true;
        return r.TokenType == JsonTokenType.Number && r.TryGetSingle(out v) && float.IsFinite(v);
    }

    public static bool Double(ref Utf8JsonReader r, out double v)
    {
        v = double.NaN;
        if (r.TokenType == JsonTokenType.Null)
            return true;
        return r.TokenType == JsonTokenType.Number && r.TryGetDouble(out v) && double.IsFinite(v);
    }

    public static bool Half(ref Utf8JsonReader r, out Half v)
    {
        v = System.Half.NaN;
        if (r.TokenType == JsonTokenType.Null)
            return true;
        if (r.TokenType != JsonTokenType.Number || !r.TryGetDouble(out var wide))
            return false;
        v = (Half)wide;
        return System.Half.IsFinite(v);
    }

    public static bool BFloat(ref Utf8JsonReader r, out BFloat16 v)
    {
        var fine = Single(ref r, out var wide);
        v = BFloat16.FromSingle(wide);
        return fine && (float.IsNaN(wide) || float.IsFinite(v.ToSingle()));
    }

    public static bool SByte(ref Utf8JsonReader r, out sbyte v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetSByte(out v);
    }

    public static bool Int16(ref Utf8JsonReader r, out short v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetInt16(out v);
    }

    public static bool Int32(ref Utf8JsonReader r, out int v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetInt32(out v);
    }

    public static bool Int64(ref Utf8JsonReader r, out long v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetInt64(out v);
    }

    public static bool Byte(ref Utf8JsonReader r, out byte v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetByte(out v);
    }

    public static bool UInt16(ref Utf8JsonReader r, out ushort v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetUInt16(out v);
    }

    public static bool UInt32(ref Utf8JsonReader r, out uint v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetUInt32(out v);
    }

    public static bool UInt64(ref Utf8JsonReader r, out ulong v)
    {
        v = 0;
        return r.TokenType == JsonTokenType.Number && r.TryGetUInt64(out v);
    }

    public static bool Boolean(ref Utf8JsonReader r, out bool v)
    {
        v = r.TokenType == JsonTokenType.True;
        return v || r.TokenType == JsonTokenType.False;
    }

    public static bool Text(ref Utf8JsonReader r, out string v)
    {
        v = r.TokenType == JsonTokenType.String ? r.GetString()! : "";
        return r.TokenType == JsonTokenType.String;
    }
}
