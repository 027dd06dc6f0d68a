using System.Runtime.InteropServices;

namespace Ci.Onnx;

/// <summary>
/// A tensor, or a sequence or map of them, in managed memory. Row-major. The array given to <see cref="Of{T}"/> is used as it is,
/// not copied: do not change it while a session runs on it.
/// </summary>
public sealed class OnnxValue
{
    private OnnxValue(string name, OnnxValueKind kind, OnnxElementType type, long[] shape, Array data, IReadOnlyList<OnnxValue> items)
    {
        this.Name = name;
        this.Kind = kind;
        this.Type = type;
        this.Shape = shape;
        this.Data = data;
        this.Items = items;
    }

    /// <summary>The name of the input or output; "" within a sequence or map.</summary>
    public string Name { get; }

    public OnnxValueKind Kind { get; }

    /// <summary>The type of the elements; <see cref="OnnxElementType.Undefined"/> for a sequence or map.</summary>
    public OnnxElementType Type { get; }

    /// <summary>The size of each dimension; empty for a scalar.</summary>
    public long[] Shape { get; }

    /// <summary>A sequence's members in order, or a map's keys and values (two tensors of equal length); empty for a tensor.</summary>
    public IReadOnlyList<OnnxValue> Items { get; }

    /// <summary>The number of elements of a tensor.</summary>
    public int Count => this.Data.Length;

    /// <summary>The elements of a text tensor.</summary>
    /// <exception cref="OnnxException">It holds something else.</exception>
    public string[] Strings => this.Data as string[] ?? throw this.WrongType("text");

    /// <summary>The elements as they lie in memory, row-major, in the machine's byte order. Write only into a value of one's own that no session runs on.</summary>
    /// <exception cref="OnnxException">It is text, a sequence or a map.</exception>
    public Span<byte> Bytes => this.Type.SizeOf() is > 0 and var size
        ? MemoryMarshal.CreateSpan(ref this.Reference(), checked(this.Count * size))
        : throw this.WrongType("numbers");

    internal Array Data { get; }

    /// <summary>A tensor of numbers or booleans.</summary>
    /// <exception cref="OnnxException">The shape does not fit the number of elements, or no tensor holds <typeparamref name="T"/>.</exception>
    public static OnnxValue Of<T>(string name, T[] data, params long[] shape)
        where T : unmanaged => Tensor(name, ElementTypes.Of<T>(), data, shape);

    /// <summary>A tensor of text.</summary>
    /// <exception cref="OnnxException">The shape does not fit the number of elements.</exception>
    public static OnnxValue OfStrings(string name, string[] data, params long[] shape) =>
        Tensor(name, OnnxElementType.String, data, shape);

    /// <summary>A tensor of zeros (or empty texts), to be filled through <see cref="Bytes"/>.</summary>
    /// <exception cref="OnnxException">A dimension is negative, there are too many elements, or no tensor holds the type.</exception>
    public static OnnxValue Blank(string name, OnnxElementType type, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var count = 1L;
        foreach (var dimension in shape)
            count = dimension >= 0 && (count = checked(count * dimension)) <= Array.MaxLength ? count : throw new OnnxException($"tensor '{name}': no tensor has the shape [{string.Join(',', shape)}]");
        return Tensor(name, type, ElementTypes.NewArray(type, (int)count), shape);
    }

    /// <summary>The elements, in row-major order, without a copy.</summary>
    /// <exception cref="OnnxException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => this.Data is T[] data && this.Type == ElementTypes.Of<T>() ? data : throw this.WrongType(typeof(T).Name);

    /// <summary>A copy of the elements as doubles (booleans as 0 and 1); 64-bit integers beyond 2^53 lose their last digits.</summary>
    /// <exception cref="OnnxException">It is text, a sequence or a map.</exception>
    public double[] ToDoubles() => this.Data switch
    {
        double[] d => [.. d],
        float[] f => Array.ConvertAll(f, v => (double)v),
        Half[] h => Array.ConvertAll(h, v => (double)v),
        BFloat16[] b => Array.ConvertAll(b, v => (double)v.ToSingle()),
        bool[] b => Array.ConvertAll(b, v => v ? 1.0 : 0.0),
        long[] l when this.Type == OnnxElementType.Int64 => Array.ConvertAll(l, v => (double)v),
        ulong[] l when this.Type == OnnxElementType.UInt64 => Array.ConvertAll(l, v => (double)v),
        int[] i when this.Type == OnnxElementType.Int32 => Array.ConvertAll(i, v => (double)v),
        uint[] i when this.Type == OnnxElementType.UInt32 => Array.ConvertAll(i, v => (double)v),
        short[] s when this.Type == OnnxElementType.Int16 => Array.ConvertAll(s, v => (double)v),
        ushort[] s when this.Type == OnnxElementType.UInt16 => Array.ConvertAll(s, v => (double)v),
        sbyte[] s when this.Type == OnnxElementType.Int8 => Array.ConvertAll(s, v => (double)v),
        byte[] s when this.Type == OnnxElementType.UInt8 => Array.ConvertAll(s, v => (double)v),
        _ => throw this.WrongType("numbers"),
    };

    /// <summary>A value of its own, for one who wants to look at it later: a session or its caller may overwrite the arrays of this one.</summary>
    public OnnxValue Copy() =>
        new(this.Name, this.Kind, this.Type, [.. this.Shape], (Array)this.Data.Clone(), [.. this.Items.Select(item => item.Copy())]);

    internal static OnnxValue Tensor(string name, OnnxElementType type, Array data, long[] shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0 || (count = checked(count * dimension)) > Array.MaxLength)
                throw new OnnxException($"tensor '{name}': shape [{string.Join(',', shape)}] must have dimensions from 0, and at most {Array.MaxLength} elements");
        }

        return count == data.Length
            ? new OnnxValue(name, OnnxValueKind.Tensor, type, [.. shape], data, [])
            : throw new OnnxException($"tensor '{name}': shape [{string.Join(',', shape)}] means {count} elements, but {data.Length} were given");
    }

    internal static OnnxValue Container(string name, OnnxValueKind kind, IReadOnlyList<OnnxValue> items) =>
        new(name, kind, OnnxElementType.Undefined, [], Array.Empty<byte>(), items);

    /// <summary>The elements' memory, for pinning. Not for text.</summary>
    internal ref byte Reference() => ref MemoryMarshal.GetArrayDataReference(this.Data);

    private OnnxException WrongType(string wanted) => new(
        this.Kind == OnnxValueKind.Tensor
            ? $"tensor '{this.Name}' holds {this.Type} elements, not {wanted}"
            : $"'{this.Name}' is a {this.Kind}, not a tensor of {wanted}; read its Items");
}
