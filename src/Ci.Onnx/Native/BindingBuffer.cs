using System.Runtime.CompilerServices;

namespace Ci.Onnx.Native;

/// <summary>One tensor's memory: an array on the pinned heap, so spans over it stay valid even after the native side is gone.</summary>
internal sealed unsafe class BindingBuffer
{
    // Vector instructions run best on whole cache lines.
    private const int Alignment = 64;

    private byte[] memory = [];
    private int start;

    public BindingBuffer(OnnxElementType type, long[] shape, bool batched)
    {
        this.Type = type;
        this.Shape = shape;
        this.Batched = batched;
        this.Fit();
    }

    public OnnxElementType Type { get; }

    public long[] Shape { get; }

    /// <summary>The first dimension follows the batch.</summary>
    public bool Batched { get; }

    public int Bytes { get; private set; }

    public void* Pointer => Unsafe.AsPointer(ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(this.memory), this.start));

    public Span<byte> Memory => this.memory.AsSpan(this.start, this.Bytes);

    public void Resize(int batch)
    {
        this.Shape[0] = batch;
        this.Fit();
    }

    /// <summary>Allocates only when the shape outgrew the memory.</summary>
    private void Fit()
    {
        long bytes = this.Type.SizeOf();
        foreach (var dimension in this.Shape)
        {
            if ((bytes = checked(bytes * dimension)) > Array.MaxLength - Alignment)
                throw new OnnxException($"a tensor of shape [{string.Join(',', this.Shape)}] is too large to bind; use smaller batches");
        }

        if (this.memory.Length < bytes + Alignment)
        {
            this.memory = GC.AllocateArray<byte>((int)bytes + Alignment, pinned: true);
            var address = (nuint)Unsafe.AsPointer(ref this.memory[0]);
            this.start = (int)((Alignment - (address % Alignment)) % Alignment);
        }

        this.Bytes = (int)bytes;
    }
}
