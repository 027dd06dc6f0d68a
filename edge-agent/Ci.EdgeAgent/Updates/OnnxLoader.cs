using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// Loads models into this process. All sessions share the process's thread pool, so that a candidate adds no threads; and none keeps an arena,
/// whose high-water mark would outlive the request that needed it (the C library's own free lists are trimmed after a swap).
/// </summary>
internal sealed class OnnxLoader(OnnxRuntime runtime, AgentConfiguration configuration, RunLimit? limit = null) : IModelLoader
{
    public string RuntimeVersion => runtime.Version;

    /// <summary>The process-wide settings that go with this loader; whoever loads the library first decides.</summary>
    public static RuntimeOptions RuntimeOptionsOf(AgentConfiguration configuration) => new() { GlobalIntraOpThreads = configuration.Threads };

    public IModelInstance Load(string path) => new OnnxInstance(OnnxSession.Load(runtime, path, OptionsOf(configuration.Providers)), limit);

    public IModelInstance Load(string path, ExternalFiles files) => new OnnxInstance(OnnxSession.Load(runtime, path, OptionsOf(configuration.Providers), files), limit);

    public static Ci.Onnx.SessionOptions OptionsOf(IReadOnlyList<string> providers) => new()
    {
        Providers = providers,
        UseGlobalThreadPool = true,
        MemoryArena = false,
    };
}
