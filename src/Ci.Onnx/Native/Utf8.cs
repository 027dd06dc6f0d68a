using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>NUL-terminated UTF-8 texts in native memory, freed together.</summary>
internal sealed unsafe class Utf8 : IDisposable
{
    private readonly nint[] texts;

    public Utf8(params IReadOnlyList<string> texts)
    {
        this.texts = new nint[texts.Count];
        for (var i = 0; i < texts.Count; i++)
        {
            // A NUL would silently cut the text short on the native side.
            if (texts[i].Contains('\0', StringComparison.Ordinal))
            {
                this.Dispose();
                throw new OnnxException($"text {i} holds a NUL character, which ONNX Runtime cannot take");
            }

            this.texts[i] = Marshal.StringToCoTaskMemUTF8(texts[i]);
        }
    }

    public ReadOnlySpan<nint> Pointers => this.texts;

    public byte* this[int index] => (byte*)this.texts[index];

    public void Dispose()
    {
        for (var i = 0; i < this.texts.Length; i++)
        {
            Marshal.FreeCoTaskMem(this.texts[i]);
            this.texts[i] = 0;
        }
    }
}
