namespace Ci.Onnx.Native;

/// <summary>What a new session is made from: checked bytes, or a file whose weights lie beside it.</summary>
internal ref struct SessionSource
{
    public ReadOnlySpan<byte> Bytes;

    /// <summary>Set only where ONNX Runtime must read the file itself.</summary>
    public string? Path;

    /// <summary>How messages call the model.</summary>
    public string Name;
}
