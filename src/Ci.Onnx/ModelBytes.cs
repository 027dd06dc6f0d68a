using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx;

/// <summary>Reads model files within bounds and refuses what is no whole, self-consistent model before anything else sees it.</summary>
internal static class ModelBytes
{
    /// <summary>A protobuf message cannot be larger; larger weights are external data.</summary>
    public const long MaxBytes = int.MaxValue - 64;

    public const string InMemory = "model in memory";

    /// <summary>The whole file and what stands in it; external data lies where <paramref name="files"/> says, else beside it.</summary>
    /// <exception cref="OnnxModelException">Missing, too large, empty, truncated, damaged, or pointing outside its folder.</exception>
    public static (byte[] Bytes, ModelProto Proto, IReadOnlyList<string> ExternalDataPaths) Read(string path, ExternalFiles? files = null)
    {
        var bytes = ReadBounded(path);
        var (proto, external) = Check(bytes, path, files ?? ExternalFiles.Beside(Path.GetDirectoryName(Path.GetFullPath(path))!));
        return (bytes, proto, external);
    }

    /// <summary>Parses and checks a model.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="files">Where external data may lie; null: nowhere.</param>
    public static (ModelProto Proto, IReadOnlyList<string> ExternalDataPaths) Check(ReadOnlySpan<byte> model, string name, ExternalFiles? files)
    {
        if (model.IsEmpty)
            throw new OnnxModelException($"{name} is empty; fetch it again");
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(model);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new OnnxModelException($"{name} is truncated or is no ONNX model ({model.Length} bytes): {error.Message} Fetch or export it again", error);
        }

        return (proto, ModelCheck.Check(proto, name, files));
    }

    private static byte[] ReadBounded(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            if (file.Length > MaxBytes)
                throw new OnnxModelException($"{path} has {file.Length} bytes; an ONNX file has at most {MaxBytes}: export its weights as external data");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OnnxModelException($"{path} does not exist; train or fetch the model first", error);
        }
        catch (EndOfStreamException error)
        {
            throw new OnnxModelException($"{path} shrank while it was read; fetch it again", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new OnnxModelException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
