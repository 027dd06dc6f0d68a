using System.Globalization;
using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx;

/// <summary>Tensors whose bytes lie in other files.</summary>
internal static class ExternalData
{
    private const string LocationKey = "location";

    public static bool IsExternal(TensorProto tensor) =>
        tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0;

    /// <summary>A key that stands twice: one reader takes the first, another one the last, and what was checked is not what is opened.</summary>
    public static bool SaysTwice(TensorProto tensor) =>
        tensor.ExternalData.Select(e => e.Key).Distinct(StringComparer.Ordinal).Count() != tensor.ExternalData.Count;

    /// <summary>What stands under a key; null where it does not.</summary>
    public static string? Of(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>Whether the bytes are there and long enough.</summary>
    /// <returns>The name that the model gives.</returns>
    /// <exception cref="OnnxModelException">They are not, or may not be opened.</exception>
    public static string Check(TensorProto tensor, string name, ExternalFiles? files)
    {
        var location = Of(tensor, LocationKey);
        if (string.IsNullOrEmpty(location))
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' has external data without a location");
        if (SaysTwice(tensor))
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' says twice where its external data lies; refused");
        if (files is null)
            throw new OnnxModelException($"{name}: tensor '{tensor.Name}' lies in the external file '{location}', but a model in memory has no folder; load it from its file");
        var path = files.PathOf(location)
            ?? throw new OnnxModelException($"{name}: the external data '{location}' of tensor '{tensor.Name}' is not inside the model's folder; refused");
        var file = new FileInfo(Path.Combine(files.Folder, path));
        if (!file.Exists)
            throw new OnnxModelException($"{name}: its external data {file.FullName} does not exist; fetch it too");
        var offset = Number(Of(tensor, "offset"), 0, tensor, name);
        var length = Number(Of(tensor, "length"), Math.Max(0, file.Length - offset), tensor, name);
        if ((Int128)offset + length > file.Length)
            throw new OnnxModelException($"{name}: its external data {file.FullName} has {file.Length} bytes, but tensor '{tensor.Name}' needs {offset} + {length}; fetch it again");
        return location;
    }

    /// <summary>The model's bytes with every name replaced by the file's own path. Changes <paramref name="model"/>.</summary>
    public static byte[] Relocate(ModelProto model, ExternalFiles files)
    {
        foreach (var tensor in ModelTensors.All(model).Where(IsExternal))
        {
            var entry = tensor.ExternalData.First(e => e.Key == LocationKey);
            entry.Value = files.PathOf(entry.Value)!;
        }

        return model.ToByteArray();
    }

    private static long Number(string? text, long missing, TensorProto tensor, string name)
    {
        if (text is null)
            return missing;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OnnxModelException($"{name}: the external data of tensor '{tensor.Name}' has an offset or length that is no number");
    }
}
