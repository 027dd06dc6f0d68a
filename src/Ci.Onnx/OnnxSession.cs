using Ci.Onnx.Native;
using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>
/// One model, loaded and ready. <see cref="Run"/> may be called by many threads at once. <see cref="Dispose"/> may be called at any
/// time: the native session is released when the last running call and the last <see cref="SessionBinding"/> have ended.
/// </summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private OnnxSession(OnnxRuntime runtime, (OrtHandle Session, string Provider, string? Reason) made, SessionOptions options, string name)
    {
        this.Runtime = runtime;
        this.Options = options;
        this.Name = name;
        this.Handle = made.Session;
        this.Provider = made.Provider;
        this.ProviderFallbackReason = made.Reason;
        try
        {
            using var lease = made.Session.Take();
            this.Inputs = SessionReader.Inputs(runtime, lease.Value);
            this.Outputs = SessionReader.Outputs(runtime, lease.Value);
            this.Description = SessionReader.Description(runtime, lease.Value);
        }
        catch
        {
            made.Session.Dispose();
            throw;
        }
    }

    /// <summary>The declared inputs, in order; initializers that could be overridden are not among them.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>The declared outputs, in order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Producer, graph name, domain, words and version.</summary>
    public ModelDescription Description { get; }

    /// <summary>The model's <c>metadata_props</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => this.Description.Custom;

    /// <summary>The execution provider in use, by short name. Operators that it lacks still run on the processor.</summary>
    public string Provider { get; }

    /// <summary>Why an earlier provider of <see cref="SessionOptions.Providers"/> is not in use; null when the first one is.</summary>
    public string? ProviderFallbackReason { get; }

    internal OnnxRuntime Runtime { get; }

    internal SessionOptions Options { get; }

    internal OrtHandle Handle { get; }

    /// <summary>How messages call the model.</summary>
    internal string Name { get; }

    /// <summary>Loads a model from a file.</summary>
    /// <param name="runtime">Who runs it.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="files">Where its external data lies; null: in the file's folder or below it. ONNX Runtime maps these files into memory, and they must
    /// stay as they are while the session lives (removing their names is harmless).</param>
    /// <exception cref="OnnxModelException">The file is missing, truncated, damaged, or points outside its folder.</exception>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refused the model; its own text is the reason.</exception>
    public static OnnxSession Load(OnnxRuntime runtime, string path, SessionOptions? options = null, ExternalFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        files ??= ExternalFiles.Beside(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var (bytes, proto, external) = ModelBytes.Read(path, files);
        return Create(runtime, SourceOf(runtime, path, bytes, (proto, external), files), options);
    }

    /// <summary>Loads a model from memory, which may be reused afterwards.</summary>
    /// <param name="runtime">Who runs it.</param>
    /// <param name="model">The file's bytes.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="files">Where its external data lies; null refuses external data, for bytes have no folder.</param>
    /// <exception cref="OnnxModelException">The bytes are no whole ONNX model, or name external data that may not be opened.</exception>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refused the model; its own text is the reason.</exception>
    public static OnnxSession Load(OnnxRuntime runtime, ReadOnlySpan<byte> model, SessionOptions? options = null, ExternalFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var checkedModel = ModelBytes.Check(model, ModelBytes.InMemory, files);
        return Create(runtime, SourceOf(runtime, ModelBytes.InMemory, model, checkedModel, files), options);
    }

    /// <summary>Runs the model once. Convenient, and allocates; for many calls see <see cref="Bind"/>.</summary>
    /// <param name="inputs">One value for each of <see cref="Inputs"/>, in that order.</param>
    /// <returns>One value for each of <see cref="Outputs"/>, in that order, in managed memory.</returns>
    /// <exception cref="OnnxException">Number, name, type or shape of an input does not fit the model.</exception>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refused; its own text is the reason.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
    {
        using var runOptions = RunSettings.Create(this.Runtime, this.Options);
        return this.RunWith(inputs, runOptions);
    }

    internal IReadOnlyList<OnnxValue> RunWith(IReadOnlyList<OnnxValue> inputs, OrtHandle runOptions)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        InputCheck.Check(this, inputs);
        using var session = this.Handle.Take();
        using var names = new Utf8([.. this.Inputs.Select(i => i.Name), .. this.Outputs.Select(o => o.Name)]);
        using var writer = new ValueWriter(this.Runtime, inputs.Count);
        foreach (var input in inputs)
            writer.Add(input);
        using var runLease = runOptions.Take();
        var outputs = new nint[this.Outputs.Count];
        try
        {
            fixed (nint* n = names.Pointers, i = writer.Values, o = outputs)
            {
                this.Runtime.Api.Check(
                    this.Runtime.Api.Run(
                        session.Value, runLease.Value, n, i, (nuint)inputs.Count, n + inputs.Count, (nuint)outputs.Length, o),
                    $"running {this.Name}");
            }

            var values = new OnnxValue[outputs.Length];
            for (var k = 0; k < values.Length; k++)
                values[k] = ValueReader.Read(this.Runtime, outputs[k], this.Outputs[k].Name);
            return values;
        }
        finally
        {
            foreach (var output in outputs)
                this.Runtime.Api.ReleaseValue(output);
        }
    }

    /// <summary>
    /// Prepares buffers for many calls: write into <see cref="SessionBinding.Input{T}"/>, call <see cref="SessionBinding.Run"/>, read
    /// from <see cref="SessionBinding.Output{T}"/>, with no managed allocation. One binding serves one caller at a time; make one a thread.
    /// </summary>
    /// <param name="batch">The size of every dynamic first dimension, from 1.</param>
    /// <param name="shapes">Whole shapes by input name, for inputs with other dynamic dimensions; a -1 in first place takes the batch.</param>
    /// <exception cref="OnnxException">A shape stays open, or an input or output is text, a sequence or a map: use <see cref="Run"/>.</exception>
    public SessionBinding Bind(int batch = 1, IReadOnlyDictionary<string, long[]>? shapes = null) => new(this, batch, shapes);

    /// <summary>Lets the native session go as soon as nothing uses it.</summary>
    public void Dispose() => this.Handle.Dispose();

    /// <summary>The bytes that were checked are the bytes that run; only weights are read from files, in the one folder that is named.</summary>
    private static SessionSource SourceOf(OnnxRuntime runtime, string name, ReadOnlySpan<byte> bytes, (ModelProto Proto, IReadOnlyList<string> External) model, ExternalFiles? files)
    {
        if (model.External.Count == 0 || files is null)
            return new SessionSource { Bytes = bytes, Name = name };
        return runtime.KnowsFolderOfExternalData
            ? new SessionSource { Bytes = files.AreElsewhere ? ExternalData.Relocate(model.Proto, files) : bytes, Folder = files.Folder, Name = name }
            : throw new OnnxException($"{name}: its weights lie in other files, which ONNX Runtime {runtime.Version} cannot find for a model in memory; use {OnnxRuntime.FirstWithFolder} or newer");
    }

    private static OnnxSession Create(OnnxRuntime runtime, SessionSource source, SessionOptions? options)
    {
        options ??= new SessionOptions();
        return new OnnxSession(runtime, SessionFactory.Create(runtime, source, options), options, source.Name);
    }
}
