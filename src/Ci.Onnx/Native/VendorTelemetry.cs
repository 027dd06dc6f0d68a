using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>
/// Official builds of ONNX Runtime since 1.29 collect usage events on Linux and macOS too, unless <c>ORT_DISABLE_TELEMETRY</c> is set before the
/// environment is made: an uploader thread, a database under the home folder, a log under the temporary one, and some KiB of memory kept
/// for every model loaded or refused (https://github.com/microsoft/onnxruntime/pull/27379). A device reports to its owner only.
/// </summary>
internal static unsafe partial class VendorTelemetry
{
    /// <summary>To be called before the library is loaded. The variable is set for native code alone: .NET, and so every child process,
    /// has its own copy of the environment.</summary>
    public static void TurnOff()
    {
        if (OperatingSystem.IsWindows())
            return; // Events of Windows builds go through the system's tracing; the environment's own switch stops them.
        using var texts = new Utf8("ORT_DISABLE_TELEMETRY", "1");
        if (SetVariable(texts[0], texts[1], 1) != 0)
            throw new OnnxException("cannot set ORT_DISABLE_TELEMETRY for ONNX Runtime; start the program with ORT_DISABLE_TELEMETRY=1");
    }

    [LibraryImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(byte* name, byte* value, int overwrite);
}
