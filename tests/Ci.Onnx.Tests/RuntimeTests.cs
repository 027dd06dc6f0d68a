using System.Collections.Concurrent;
using Ci.Testing;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class RuntimeTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly string folder = Directory.CreateTempSubdirectory("runtime").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void The_runtime_says_its_version_and_providers()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", Fixture.Runtime.Version);
        Assert.Contains("CPU", Fixture.Runtime.Providers);
    }

    [Fact]
    public void The_same_library_is_loaded_once() =>
        Assert.Same(Fixture.Runtime, OnnxRuntime.Load(OnnxRuntimeLibrary.Path, Nothing));

    [Fact]
    public void A_folder_that_holds_the_library_will_do()
    {
        var runtime = OnnxRuntime.Load(Path.GetDirectoryName(OnnxRuntimeLibrary.Path), Nothing);
        Assert.Equal(Fixture.Runtime.Version, runtime.Version);
    }

    [Fact]
    public void An_option_goes_before_the_environment()
    {
        var missing = Path.Combine(this.folder, "none.so");
        var error = Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(missing, OnnxRuntimeLibrary.Environment));
        Assert.Equal([missing], error.Tried);
        Assert.Contains("MLOPS_ONNXRUNTIME", error.Message);
    }

    [Fact]
    public void Without_option_and_variable_the_programs_folder_is_searched()
    {
        var error = Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(null, Nothing));
        Assert.All(error.Tried, path => Assert.StartsWith(AppContext.BaseDirectory, path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        var path = Path.Combine(this.folder, "fake.so");
        File.WriteAllText(path, "no library");
        Assert.Contains("cannot be loaded", Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(path, Nothing)).Message);
    }

    [Fact]
    public void Other_process_wide_options_than_the_first_are_refused() =>
        Assert.Contains("already loaded", Assert.Throws<OnnxException>(() =>
            OnnxRuntime.Load(OnnxRuntimeLibrary.Path, Nothing, new RuntimeOptions { GlobalIntraOpThreads = 3 })).Message);

    [Fact]
    public void The_log_goes_to_the_callback_and_shared_threads_are_used()
    {
        // The environment is one per library file, so a copy of the file gives a fresh one.
        var copy = Path.Combine(this.folder, "libonnxruntime.so.1");
        File.Copy(OnnxRuntimeLibrary.Path, copy);
        var lines = new ConcurrentQueue<string>();
        var options = new RuntimeOptions { GlobalIntraOpThreads = 2, LogLevel = OnnxLogLevel.Verbose, Log = (level, text) => lines.Enqueue($"{level} {text}") };
        var runtime = OnnxRuntime.Load(copy, Nothing, options);
        using var session = OnnxSession.Load(runtime, TestModels.AddWeights(1).ToByteArray(), new SessionOptions { UseGlobalThreadPool = true });
        Assert.Equal([3f], session.Run([OnnxValue.Of("x", [2f], 1, 1)])[0].As<float>().ToArray());
        Assert.NotEmpty(lines);
    }
}
