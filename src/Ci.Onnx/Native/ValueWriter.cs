using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>Lends managed tensors to ONNX Runtime for one call: numbers are pinned where they lie, texts are copied.</summary>
internal sealed unsafe class ValueWriter(OnnxRuntime runtime, int capacity) : IDisposable
{
    private readonly nint[] values = new nint[capacity];
    private readonly GCHandle[] pins = new GCHandle[capacity];
    private int count;

    public ReadOnlySpan<nint> Values => this.values;

    public void Add(OnnxValue value)
    {
        var index = this.count++;
        this.values[index] = value.Type == OnnxElementType.String ? this.OfStrings(value) : this.OfNumbers(value, index);
    }

    public void Dispose()
    {
        for (var i = 0; i < this.count; i++)
        {
            runtime.Api.ReleaseValue(this.values[i]);
            if (this.pins[i].IsAllocated)
                this.pins[i].Free();
        }

        this.count = 0;
    }

    private nint OfNumbers(OnnxValue value, int index)
    {
        this.pins[index] = GCHandle.Alloc(value.Data, GCHandleType.Pinned);
        nint made;
        fixed (long* shape = value.Shape)
        {
            runtime.Api.Check(
                runtime.Api.CreateTensorWithData(
                    runtime.CpuMemory,
                    (void*)this.pins[index].AddrOfPinnedObject(),
                    (nuint)value.Count * (nuint)value.Type.SizeOf(),
                    shape,
                    (nuint)value.Shape.Length,
                    (int)value.Type,
                    &made),
                $"passing input '{value.Name}'");
        }

        return made;
    }

    private nint OfStrings(OnnxValue value)
    {
        using var texts = new Utf8(value.Strings);
        nint made;
        fixed (long* shape = value.Shape)
        {
            runtime.Api.Check(
                runtime.Api.CreateTensor(runtime.Allocator, shape, (nuint)value.Shape.Length, (int)OnnxElementType.String, &made),
                $"passing input '{value.Name}'");
        }

        fixed (nint* pointers = texts.Pointers)
        {
            var status = runtime.Api.FillStringTensor(made, pointers, (nuint)value.Count);
            if (status != 0)
                runtime.Api.ReleaseValue(made);
            runtime.Api.Check(status, $"passing input '{value.Name}'");
        }

        return made;
    }
}
