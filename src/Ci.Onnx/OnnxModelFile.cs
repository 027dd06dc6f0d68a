using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx;

/// <summary>An ONNX file: its facts, its whole content, and the way back to bytes.</summary>
public sealed class OnnxModelFile
{
    private readonly string name;

    private OnnxModelFile(ModelProto proto, IReadOnlyList<string> external, string name)
    {
        this.name = name;
        this.Proto = proto;
        this.Facts = ModelFactsReader.Read(proto, name, external);
    }

    /// <summary>What the file states.</summary>
    public OnnxModelFacts Facts { get; }

    /// <summary>The whole content. Treat it as read-only: <see cref="Facts"/> does not follow changes.</summary>
    public ModelProto Proto { get; }

    /// <summary>Reads and checks a file of at most 2 GiB.</summary>
    /// <exception cref="OnnxModelException">It is missing, truncated, damaged, or its external data lies outside its folder.</exception>
    public static OnnxModelFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (_, proto, external) = ModelBytes.Read(path);
        return new OnnxModelFile(proto, external, path);
    }

    /// <summary>Reads and checks a model in memory.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="files">Where its external data lies; null refuses external data.</param>
    /// <exception cref="OnnxModelException">It is truncated, damaged, or names external data that may not be opened.</exception>
    public static OnnxModelFile Read(ReadOnlySpan<byte> model, ExternalFiles? files = null)
    {
        var (proto, external) = ModelBytes.Check(model, ModelBytes.InMemory, files);
        return new OnnxModelFile(proto, external, ModelBytes.InMemory);
    }

    /// <summary>Wraps a model that was built in memory, and checks it the same way.</summary>
    /// <exception cref="OnnxModelException">It has no graph, IR version, operator set or output, or a tensor whose bytes do not fit its shape.</exception>
    public static OnnxModelFile Of(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new OnnxModelFile(model.Clone(), ModelCheck.Check(model, ModelBytes.InMemory, null), ModelBytes.InMemory);
    }

    /// <summary>The same model with these <c>metadata_props</c> set; a null value removes the key. All keys are written in ordinal order.</summary>
    public OnnxModelFile WithMetadata(IReadOnlyDictionary<string, string?> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in this.Facts.Metadata)
            all[key] = value;
        foreach (var (key, value) in changes)
        {
            if (value is null)
                all.Remove(key);
            else
                all[key] = value;
        }

        var proto = this.Proto.Clone();
        proto.MetadataProps.Clear();
        proto.MetadataProps.AddRange(all.Select(p => new StringStringEntryProto { Key = p.Key, Value = p.Value }));
        return new OnnxModelFile(proto, this.Facts.ExternalDataPaths, this.name);
    }

    /// <summary>The file's bytes: fields in the order of their numbers, so equal models give equal bytes. Unknown fields are kept.</summary>
    public byte[] ToBytes() => this.Proto.ToByteArray();

    /// <summary>Writes the file whole or not at all: temporary file beside it, flushed to disk, then renamed over it.</summary>
    /// <exception cref="IOException">The folder is missing, full or read-only.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                this.Proto.WriteTo(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
