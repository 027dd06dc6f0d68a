using System.Runtime.InteropServices;
using Ci.Onnx.Native;

namespace Ci.Onnx;

/// <summary>
/// Preallocated inputs and outputs of one session: no managed allocation a call. One caller at a time (a second one at the same
/// moment is refused); one binding a thread. Spans stay readable after <see cref="Dispose"/>, but must be taken anew after <see cref="Rebind"/>.
/// </summary>
public sealed unsafe class SessionBinding : IDisposable
{
    private readonly OnnxSession session;
    private readonly BindingBuffer[] inputs;
    private readonly BindingBuffer[] outputs;
    private readonly BindingHandle handle;
    private int busy;

    internal SessionBinding(OnnxSession session, int batch, IReadOnlyDictionary<string, long[]>? shapes, OrtHandle? runOptions = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        this.session = session;
        this.Batch = batch;
        (this.inputs, this.outputs) = BindingShapes.Resolve(session, batch, shapes);
        this.handle = new BindingHandle(session, runOptions);
        try
        {
            this.BindAll(all: true);
        }
        catch
        {
            this.Dispose();
            throw;
        }
    }

    /// <summary>The size of every dynamic first dimension.</summary>
    public int Batch { get; private set; }

    internal long BufferBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var buffer in this.inputs)
                bytes += buffer.Bytes;
            foreach (var buffer in this.outputs)
                bytes += buffer.Bytes;
            return bytes;
        }
    }

    /// <summary>An input's memory, row-major, to write into before <see cref="Run"/>.</summary>
    /// <exception cref="OnnxException">The input holds another type.</exception>
    public Span<T> Input<T>(int index)
        where T : unmanaged => Cast<T>(this.inputs[index], this.session.Inputs[index]);

    /// <summary>An output's memory, row-major, to read after <see cref="Run"/>; the next run overwrites it.</summary>
    /// <exception cref="OnnxException">The output holds another type.</exception>
    public ReadOnlySpan<T> Output<T>(int index)
        where T : unmanaged => Cast<T>(this.outputs[index], this.session.Outputs[index]);

    /// <summary>The shape of an input with the present batch.</summary>
    public ReadOnlySpan<long> InputShape(int index) => this.inputs[index].Shape;

    /// <summary>The shape of an output with the present batch.</summary>
    public ReadOnlySpan<long> OutputShape(int index) => this.outputs[index].Shape;

    /// <summary>Runs the model on the inputs' memory. No managed allocation.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refused; its own text is the reason. The outputs are undefined then.</exception>
    /// <exception cref="InvalidOperationException">Another call uses this binding at this moment.</exception>
    /// <exception cref="ObjectDisposedException">The binding was disposed.</exception>
    public void Run()
    {
        this.Enter();
        var taken = false;
        try
        {
            this.handle.DangerousAddRef(ref taken);
            var status = this.handle.Run();
            if (status != 0)
                this.session.Runtime.Api.Check(status, $"running {this.session.Name}");
        }
        finally
        {
            if (taken)
                this.handle.DangerousRelease();
            Volatile.Write(ref this.busy, 0);
        }
    }

    /// <summary>Changes the batch. Allocates managed memory only where the batch is larger than any before.</summary>
    /// <exception cref="InvalidOperationException">Another call uses this binding at this moment.</exception>
    public void Rebind(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        this.Enter();
        var taken = false;
        try
        {
            this.handle.DangerousAddRef(ref taken);
            if (batch == this.Batch)
                return;
            foreach (var buffer in this.inputs)
                Resize(buffer, batch);
            foreach (var buffer in this.outputs)
                Resize(buffer, batch);
            this.BindAll(all: false);
            this.Batch = batch;
        }
        finally
        {
            if (taken)
                this.handle.DangerousRelease();
            Volatile.Write(ref this.busy, 0);
        }
    }

    /// <summary>Copies a value into an input's memory; false where name, type or shape do not fit it.</summary>
    internal bool TryWrite(int index, OnnxValue value)
    {
        var buffer = this.inputs[index];
        var fits = value.Kind == OnnxValueKind.Tensor && value.Type == buffer.Type && value.Shape.AsSpan().SequenceEqual(buffer.Shape)
            && (value.Name.Length == 0 || value.Name == this.session.Inputs[index].Name);
        if (fits)
            MemoryMarshal.CreateReadOnlySpan(ref value.Reference(), buffer.Bytes).CopyTo(buffer.Memory);
        return fits;
    }

    /// <summary>Copies an output's memory out: into <paramref name="kept"/> where it has the present shape, else into a new value.</summary>
    internal OnnxValue Read(int index, OnnxValue? kept)
    {
        var buffer = this.outputs[index];
        if (kept is null || !kept.Shape.AsSpan().SequenceEqual(buffer.Shape))
            kept = OnnxValue.Tensor(this.session.Outputs[index].Name, buffer.Type, ElementTypes.NewArray(buffer.Type, buffer.Bytes / buffer.Type.SizeOf()), buffer.Shape);
        buffer.Memory.CopyTo(MemoryMarshal.CreateSpan(ref kept.Reference(), buffer.Bytes));
        return kept;
    }

    /// <summary>Releases the native side when no call runs, and with it this binding's hold on the session.</summary>
    public void Dispose() => this.handle.Dispose();

    private static void Resize(BindingBuffer buffer, int batch)
    {
        if (buffer.Batched)
            buffer.Resize(batch);
    }

    private static Span<T> Cast<T>(BindingBuffer buffer, TensorInfo info)
        where T : unmanaged => buffer.Type == ElementTypes.Of<T>()
            ? MemoryMarshal.Cast<byte, T>(buffer.Memory)
            : throw new OnnxException($"'{info.Name}' holds {buffer.Type} elements, not {typeof(T).Name}");

    private void Enter()
    {
        if (Interlocked.Exchange(ref this.busy, 1) == 0)
            return;
        throw new InvalidOperationException("this binding is in use by another call; make one binding a thread");
    }

    private void BindAll(bool all)
    {
        for (var i = 0; i < this.inputs.Length + this.outputs.Length; i++)
        {
            var isInput = i < this.inputs.Length;
            var buffer = isInput ? this.inputs[i] : this.outputs[i - this.inputs.Length];
            if (all || buffer.Batched)
                this.handle.Bind(this.session.Runtime, i, isInput, buffer);
        }
    }
}
