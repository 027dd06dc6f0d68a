namespace Ci.Onnx.Native;

/// <summary>What a new session is made from: bytes that were checked.</summary>
internal ref struct SessionSource
{
    public ReadOnlySpan<byte> Bytes;

    /// <summary>Where the external data of <see cref="Bytes"/> lies; null where there is none.</summary>
    public string? Folder;

    /// <summary>How messages call the model.</summary>
    public string Name;
}
