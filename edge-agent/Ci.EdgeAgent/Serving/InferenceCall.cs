using System.Buffers;
using System.Text.Json;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>
/// One request's decoded tensors, its way into the model and its encoded response, kept for the next request: an input is reused whenever it
/// has the shape of the one before, which for devices that ask the same way all day is always.
/// </summary>
internal sealed class InferenceCall : IDisposable
{
    private const int KeptBytes = 4 << 20;
    private static readonly JsonWriterOptions Plain = new() { SkipValidation = true };
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter writer;
    private readonly IModelCaller? caller;
    private readonly Array?[] data;
    private readonly OnnxValue?[] kept;
    private readonly OnnxValue?[] parts;
    private readonly bool[] carried;

    public InferenceCall(IReadOnlyList<TensorInfo> inputs, IReadOnlyList<TensorInfo> outputs, IModelCaller? caller = null)
    {
        (Inputs, Outputs) = (inputs, outputs);
        Values = new OnnxValue?[inputs.Count];
        data = new Array[inputs.Count];
        kept = new OnnxValue?[inputs.Count];
        Wanted = new bool[outputs.Count];
        carried = [.. outputs.Select(o => o.Datatype is not null)];
        Binary = new bool?[outputs.Count];
        parts = new OnnxValue?[outputs.Count];
        writer = new Utf8JsonWriter(buffer, Plain);
        this.caller = caller;
    }

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The caller's own id for the request; null where it gave none.</summary>
    public string? Id { get; set; }

    /// <summary>One a declared input, in declared order; null until read.</summary>
    public OnnxValue?[] Values { get; }

    /// <summary>Which declared outputs the caller wants; where it names none, all that the protocol can carry (a converter's ZipMap is a list of maps).</summary>
    public bool[] Wanted { get; }

    /// <summary>Which outputs the caller wants as binary data or not; null where it said nothing of that output.</summary>
    public bool?[] Binary { get; }

    /// <summary>What holds for the outputs of which the caller said nothing.</summary>
    public bool AllBinary { get; set; }

    /// <summary>How much of <see cref="Response"/> is JSON; null where all is.</summary>
    public long? JsonBytes { get; private set; }

    /// <summary>Worth keeping: one giant request must not hold its memory for ever.</summary>
    public bool IsSmall
    {
        get
        {
            var bytes = (caller?.KeptBytes ?? 0) + buffer.Capacity;
            foreach (var array in data)
                bytes += (array?.Length ?? 0) * (long)sizeof(double);
            foreach (var value in kept)
                bytes += value?.Bytes.Length ?? 0;
            foreach (var value in parts)
                bytes += value?.Bytes.Length ?? 0;
            return bytes <= KeptBytes;
        }
    }

    /// <summary>The encoded response, valid until the call is reused.</summary>
    public ReadOnlyMemory<byte> Response => buffer.WrittenMemory;

    /// <summary>Where binary data goes after <see cref="EndJson"/>.</summary>
    public IBufferWriter<byte> Buffer => buffer;

    public bool IsBinary(int output) => Binary[output] ?? AllBinary;

    /// <summary>Runs the model on <see cref="Values"/>; the outputs are valid until the call is reused.</summary>
    public IReadOnlyList<OnnxValue> Run() => caller!.Run(Values!);

    /// <summary>As <see cref="Run"/>, for several requests in one: <see cref="ICallWatch"/> is told of each by whoever joined them.</summary>
    public IReadOnlyList<OnnxValue> RunJoined() => caller is WatchedCaller watched ? watched.RunUnwatched(Values!) : Run();

    /// <summary>A writer over an empty response buffer.</summary>
    public Utf8JsonWriter BeginResponse()
    {
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        return writer;
    }

    public void EndJson(bool binaryFollows)
    {
        writer.Flush();
        JsonBytes = binaryFollows ? buffer.WrittenCount : null;
    }

    public void Reset()
    {
        Id = null;
        Array.Clear(Values);
        carried.CopyTo(Wanted, 0);
        Array.Clear(Binary);
        (AllBinary, JsonBytes) = (false, null);
    }

    /// <summary>The array of input <paramref name="index"/>, with exactly <paramref name="count"/> elements of unknown content.</summary>
    public T[] Take<T>(int index, int count)
    {
        if (data[index] is T[] last && last.GetType() == typeof(T[]) && last.Length == count)
            return last;
        var fresh = new T[count];
        data[index] = fresh;
        kept[index] = null;
        return fresh;
    }

    /// <summary>The value over the elements that <see cref="Take"/> gave, in this shape.</summary>
    public OnnxValue Value<T>(int index, T[] elements, scoped ReadOnlySpan<long> shape)
        where T : unmanaged =>
        kept[index] is { } value && shape.SequenceEqual(value.Shape) ? value : kept[index] = OnnxValue.Of(Inputs[index].Name, elements, shape.ToArray());

    /// <summary>A value of input <paramref name="index"/> in this shape, of unknown content, to be filled through its bytes.</summary>
    public OnnxValue Blank(int index, scoped ReadOnlySpan<long> shape)
    {
        if (kept[index] is { } value && shape.SequenceEqual(value.Shape))
            return value;
        data[index] = null;
        return kept[index] = OnnxValue.Blank(Inputs[index].Name, Inputs[index].ElementType, shape.ToArray());
    }

    /// <summary>
    /// Inputs of the shapes that another generation's call was last asked with, filled from samples row by row; false where it was asked nothing yet, or
    /// something that the samples do not fit.
    /// </summary>
    public bool TryFill(InferenceCall like, IReadOnlyList<OnnxValue?> samples)
    {
        for (var i = 0; i < kept.Length; i++)
        {
            var shape = i < like.kept.Length ? like.kept[i]?.Shape : null;
            if (shape is null || i >= samples.Count || samples[i] is not { Kind: OnnxValueKind.Tensor } sample || sample.Type.SizeOf() == 0 || sample.Type != Inputs[i].ElementType
                || sample.Count == 0 || shape.Length != sample.Shape.Length || !shape.AsSpan(Math.Min(1, shape.Length)).SequenceEqual(sample.Shape.AsSpan(Math.Min(1, shape.Length))))
                return false;
            var filled = Blank(i, shape);
            for (var rest = filled.Bytes; rest.Length > 0;)
            {
                var part = sample.Bytes[..Math.Min(rest.Length, sample.Bytes.Length)];
                part.CopyTo(rest);
                rest = rest[part.Length..];
            }

            Values[i] = filled;
        }

        return true;
    }

    /// <summary>Copies this call's rows out of the output of a joined run; the copy is valid until the call is reused.</summary>
    public void TakePart(int output, OnnxValue whole, int firstRow, int rows)
    {
        var part = parts[output];
        if (part is null || part.Type != whole.Type || part.Shape[0] != rows || !part.Shape.AsSpan(1).SequenceEqual(whole.Shape.AsSpan(1)))
            part = parts[output] = OnnxValue.Blank(whole.Name, whole.Type, [rows, .. whole.Shape.AsSpan(1)]);
        var bytes = part.Bytes;
        whole.Bytes.Slice(bytes.Length / rows * firstRow, bytes.Length).CopyTo(bytes);
    }

    /// <summary>What <see cref="TakePart"/> took.</summary>
    public IReadOnlyList<OnnxValue> Parts => parts!;

    /// <summary>Whether the caller left out (as null) an element of a floating input.</summary>
    public bool HasMissingInput() => Values.Any(value => value?.Type switch
    {
        OnnxElementType.Float => value.As<float>().Contains(float.NaN),
        OnnxElementType.Double => value.As<double>().Contains(double.NaN),
        OnnxElementType.Float16 => value.As<Half>().Contains(Half.NaN),
        _ => false,
    });

    public void Dispose()
    {
        writer.Dispose();
        caller?.Dispose();
    }
}
