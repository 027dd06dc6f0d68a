using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>Finds and loads the shared library, and asks it for its table of functions.</summary>
internal static unsafe class OrtLibrary
{
    public const string Variable = "MLOPS_ONNXRUNTIME";

    private static readonly string[] Names =
        OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    /// <summary>The library's full path: option, then environment, then beside the program. What was asked for by name is never replaced
    /// by something else.</summary>
    public static string Find(string? option, IReadOnlyDictionary<string, string> environment)
    {
        var asked = !string.IsNullOrEmpty(option) ? option
            : environment.TryGetValue(Variable, out var value) && value.Length > 0 ? value
            : null;
        var tried = asked is null ? InFolder(AppContext.BaseDirectory)
            : Directory.Exists(asked) ? InFolder(asked)
            : [Path.GetFullPath(asked)];
        return tried.FirstOrDefault(File.Exists)
            ?? throw new OnnxRuntimeMissingException(
                $"ONNX Runtime was not found; tried {string.Join(", ", tried)}. Put {Names[0]} beside the program, or name it by option or by {Variable}",
                tried);
    }

    public static (OrtApi Api, string Version) Open(string path)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new OnnxRuntimeMissingException($"{path} cannot be loaded as a library: {error.Message}", [path], error);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var export))
            throw new OnnxRuntimeMissingException($"{path} is not ONNX Runtime: it has no OrtGetApiBase", [path]);
        var api = ((delegate* unmanaged[Cdecl]<nint*>)export)();
        var version = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)api[1])()) ?? "unknown";
        var table = ((delegate* unmanaged[Cdecl]<uint, nint*>)api[0])(OrtApi.Version);
        return table is null
            ? throw new OnnxRuntimeMissingException($"{path} is ONNX Runtime {version}, which is too old: 1.{OrtApi.Version} or later is needed", [path])
            : (new OrtApi(table), version);
    }

    private static string[] InFolder(string folder) => [.. Names.Select(name => Path.GetFullPath(Path.Combine(folder, name)))];
}
