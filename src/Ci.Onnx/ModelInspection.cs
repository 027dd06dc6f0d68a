using System.Globalization;
using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx;

/// <summary>
/// What a model made elsewhere asks for, found out without running it and without opening any other file: operators, operator sets,
/// external files. Everything is bounded before it is parsed.
/// </summary>
public sealed record ModelInspection
{
    private ModelInspection()
    {
    }

    /// <summary>Domain to version; the default domain is written <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Every operator, as domain and name, that is not a function of the model itself.</summary>
    public required IReadOnlySet<(string Domain, string Name)> Operators { get; init; }

    /// <summary>External files, relative to the model's folder, each with the bytes that it must at least have.</summary>
    public required IReadOnlyDictionary<string, long> ExternalFiles { get; init; }

    /// <summary>Inspects a model.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="bounds">What it may cost.</param>
    /// <exception cref="UnsafeModelException">It reaches outside its folder, or a bound does not hold.</exception>
    /// <exception cref="OnnxModelException">It is no whole, self-consistent model.</exception>
    public static ModelInspection Of(ReadOnlySpan<byte> model, string name, ModelBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        WireScan.Check(model, name, bounds);
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(model);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new OnnxModelException($"{name} is truncated or is no ONNX model ({model.Length} bytes): {error.Message}", error);
        }

        var external = new Dictionary<string, long>(StringComparer.Ordinal);
        ModelCheck.CheckButExternal(proto, name, tensor => Note(tensor, name, external, bounds));
        foreach (var tensor in ModelTensors.All(proto))
            CheckBytes(ModelCheck.ElementCount(tensor, name), ((OnnxElementType)tensor.DataType).SizeOf(), tensor.Name, name, bounds);
        ShapeBounds.Check(proto, name, bounds);
        FunctionBounds.Check(proto, name, bounds);
        var own = proto.Functions.Select(f => (Domain(f.Domain), f.Name)).ToHashSet();
        return new ModelInspection
        {
            Opsets = proto.OpsetImport.GroupBy(o => Domain(o.Domain)).ToDictionary(g => g.Key, g => g.Max(o => o.Version), StringComparer.Ordinal),
            Operators = ModelTensors.Nodes(proto).Select(n => (Domain(n.Domain), n.OpType)).Where(op => !own.Contains(op)).ToHashSet(),
            ExternalFiles = external,
        };
    }

    internal static string Domain(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    internal static void CheckBytes(long elements, int size, string what, string name, ModelBounds bounds)
    {
        if ((Int128)elements * Math.Max(1, size) > bounds.TensorBytes)
            throw new UnsafeModelException(false, $"{name}: '{what}' is a tensor of {elements} elements; at most {bounds.TensorBytes} bytes are allowed");
    }

    private static void Note(TensorProto tensor, string name, Dictionary<string, long> external, ModelBounds bounds)
    {
        var location = Text("location") ?? "";
        var isPlain = location.Length is > 0 and <= 255 && !Path.IsPathRooted(location) && !location.Any(c => char.IsControl(c) || c is '\\' or ':')
            && !location.Split('/').Any(part => part is "" or "." or "..");
        if (!isPlain)
            throw new UnsafeModelException(true, $"{name}: the external data '{new string([.. location.Take(80).Where(c => !char.IsControl(c))])}' of tensor '{tensor.Name}' is not inside the model's folder");
        if (ExternalData.SaysTwice(tensor))
            throw new UnsafeModelException(true, $"{name}: tensor '{tensor.Name}' says twice where its external data lies");
        var offset = Number(Text("offset") ?? "0");
        var size = ((OnnxElementType)tensor.DataType).SizeOf();
        var elements = ModelCheck.ElementCount(tensor, name);
        CheckBytes(elements, size, tensor.Name, name, bounds);
        var length = Text("length") is { } said ? Number(said) : elements * size;
        if (size > 0 && length != elements * size)
            throw new UnsafeModelException(true, $"{name}: tensor '{tensor.Name}' needs {elements * size} bytes, but names {length} of '{location}'");
        external[location] = Math.Max(external.GetValueOrDefault(location), offset + length);

        string? Text(string key) => ExternalData.Of(tensor, key);

        long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1L << 53
            ? number
            : throw new UnsafeModelException(true, $"{name}: the external data of tensor '{tensor.Name}' has an offset or length that is no number");
    }
}
