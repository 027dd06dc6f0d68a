using System.Buffers;
using System.Text.Json;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>
/// One request's decoded tensors, kept for the next request: an input array is reused whenever it has the right length, which for
/// devices that ask the same way all day is always.
/// </summary>
#pragma warning disable CA1001 // The writer holds nothing but the managed buffer beside it; a call that leaves the pool is simply collected.
internal sealed class InferenceCall
#pragma warning restore CA1001
{
    private const int KeptElements = 1 << 20;
    private static readonly JsonWriterOptions Plain = new() { SkipValidation = true };
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter writer;

    public InferenceCall(IReadOnlyList<TensorInfo> inputs, IReadOnlyList<TensorInfo> outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        Values = new OnnxValue?[inputs.Count];
        Data = new Array[inputs.Count];
        Wanted = new bool[outputs.Count];
        writer = new Utf8JsonWriter(buffer, Plain);
    }

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The caller's own id for the request; null where it gave none.</summary>
    public string? Id { get; set; }

    /// <summary>One a declared input, in declared order; null until read.</summary>
    public OnnxValue?[] Values { get; }

    /// <summary>Which declared outputs the caller wants.</summary>
    public bool[] Wanted { get; }

    public bool IsSmall => Data.Sum(d => (long)(d?.Length ?? 0)) <= KeptElements && buffer.Capacity <= KeptElements;

    private Array?[] Data { get; }

    /// <summary>The encoded response, valid until the call is reused.</summary>
    public ReadOnlyMemory<byte> Response => buffer.WrittenMemory;

    /// <summary>A writer over an empty response buffer.</summary>
    public Utf8JsonWriter BeginResponse()
    {
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        return writer;
    }

    public void Reset()
    {
        Id = null;
        Array.Clear(Values);
        Array.Fill(Wanted, true);
    }

    /// <summary>The array of input <paramref name="index"/>, with exactly <paramref name="count"/> elements of unknown content.</summary>
    public T[] Take<T>(int index, int count)
    {
        if (Data[index] is T[] kept && kept.GetType() == typeof(T[]) && kept.Length == count)
            return kept;
        var fresh = new T[count];
        Data[index] = fresh;
        return fresh;
    }
}
