using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ci.Onnx.Native;

namespace Ci.Onnx;

/// <summary>
/// ONNX Runtime, loaded once per process and library file, with its one environment. Never unloaded: its threads and static
/// destructors do not survive that. Safe for all threads.
/// </summary>
public sealed unsafe class OnnxRuntime
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, OnnxRuntime> Loaded = new(StringComparer.Ordinal);

    private readonly RuntimeOptions options;

    private OnnxRuntime(string path, RuntimeOptions options)
    {
        this.LibraryPath = path;
        this.options = options;
        if (!options.VendorTelemetry)
            VendorTelemetry.TurnOff();
        (this.Api, this.Version) = OrtLibrary.Open(path);
        this.Environment = this.CreateEnvironment();
        nint value;
        this.Api.Check(this.Api.GetAllocatorWithDefaultOptions(&value), "getting ONNX Runtime's allocator");
        this.Allocator = value;
        this.Api.Check(this.Api.CreateCpuMemoryInfo(0, 0, &value), "describing processor memory to ONNX Runtime");
        this.CpuMemory = value;
        this.Providers = this.ReadProviders();
    }

    /// <summary>The library's own version, such as <c>1.30.0</c>.</summary>
    public string Version { get; }

    /// <summary>The library file's full path.</summary>
    public string LibraryPath { get; }

    /// <summary>The execution providers compiled into this library, by short name (<c>CPU</c>, <c>CUDA</c>, <c>Tensorrt</c> …), in
    /// ONNX Runtime's order of preference. That one is listed does not mean that the machine has the device.</summary>
    public IReadOnlyList<string> Providers { get; }

    /// <summary>The first version that takes a model from memory and its external data from a folder.</summary>
    internal const string FirstWithFolder = "1.20";

    internal bool KnowsFolderOfExternalData =>
        System.Version.TryParse(this.Version, out var version) && version >= System.Version.Parse(FirstWithFolder);

    internal OrtApi Api { get; }

    internal nint Environment { get; }

    internal nint Allocator { get; }

    internal nint CpuMemory { get; }

    /// <summary>Loads the library from <paramref name="libraryPath"/> (a file, or a folder that holds it), else from the variable
    /// <c>MLOPS_ONNXRUNTIME</c>, else from beside the program. The same library again gives the same object.</summary>
    /// <exception cref="OnnxRuntimeMissingException">Nothing usable there; the message lists what was tried.</exception>
    public static OnnxRuntime Load(string? libraryPath, IReadOnlyDictionary<string, string> environment) =>
        Load(libraryPath, environment, null);

    /// <inheritdoc cref="Load(string?, IReadOnlyDictionary{string, string})"/>
    /// <exception cref="OnnxException">The library is loaded already with other <paramref name="options"/>.</exception>
    public static OnnxRuntime Load(string? libraryPath, IReadOnlyDictionary<string, string> environment, RuntimeOptions? options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var path = OrtLibrary.Find(libraryPath, environment);
        lock (Gate)
        {
            if (!Loaded.TryGetValue(path, out var runtime))
                Loaded[path] = runtime = new OnnxRuntime(path, options ?? new RuntimeOptions());
            return options is null || options == runtime.options
                ? runtime
                : throw new OnnxException($"{path} is already loaded with other options; load it once, at the start, with the options of the whole process");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(nint sink, int severity, nint category, nint logId, nint location, nint message)
    {
        if (sink == 0)
            return;
        try
        {
            var text = $"{Marshal.PtrToStringUTF8(category)}: {Marshal.PtrToStringUTF8(message)}";
            ((Action<OnnxLogLevel, string>)GCHandle.FromIntPtr(sink).Target!)((OnnxLogLevel)severity, text);
        }
#pragma warning disable CA1031, RCS1075 // An exception cannot pass through native frames; it would end the process.
        catch (Exception)
        {
        }
#pragma warning restore CA1031, RCS1075
    }

    private nint CreateEnvironment()
    {
        // The sink lives as long as the process, as the environment does.
        var sink = this.options.Log is { } log ? GCHandle.ToIntPtr(GCHandle.Alloc(log)) : 0;
        var level = this.options.Log is null ? OnnxLogLevel.Fatal : this.options.LogLevel;
        delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint, nint, void> callback = &OnLog;
        nint threading;
        this.Api.Check(this.Api.CreateThreadingOptions(&threading), "creating ONNX Runtime's thread options");
        try
        {
            this.Api.Check(this.Api.SetGlobalIntraOpNumThreads(threading, this.options.GlobalIntraOpThreads), "setting the global threads");
            this.Api.Check(this.Api.SetGlobalInterOpNumThreads(threading, this.options.GlobalInterOpThreads), "setting the global threads");
            this.Api.Check(this.Api.SetGlobalSpinControl(threading, this.options.GlobalAllowSpinning ? 1 : 0), "setting the global threads");
            using var name = new Utf8("mlops");
            nint environment;
            this.Api.Check(
                this.Api.CreateEnvironment((nint)callback, sink, (int)level, name[0], threading, &environment),
                $"starting ONNX Runtime {this.Version} from {this.LibraryPath}");
            if (!this.options.VendorTelemetry)
                this.Api.Check(this.Api.DisableTelemetryEvents(environment), "turning ONNX Runtime's telemetry off");
            return environment;
        }
        finally
        {
            this.Api.ReleaseThreadingOptions(threading);
        }
    }

    private string[] ReadProviders()
    {
        nint list;
        int count;
        this.Api.Check(this.Api.GetAvailableProviders(&list, &count), "listing the execution providers");
        var names = new string[count];
        for (var i = 0; i < count; i++)
            names[i] = ExecutionProviders.ShortName(Marshal.PtrToStringUTF8(((nint*)list)[i]) ?? "");
        this.Api.Check(this.Api.ReleaseAvailableProviders(list, count), "listing the execution providers");
        return names;
    }
}
