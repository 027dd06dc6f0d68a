using System.Diagnostics;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.Benchmarks.Serving;

/// <summary>The real loader; what was loaded last begins to fail when told to, as a model on a broken accelerator does.</summary>
internal sealed class Turncoat(IModelLoader inner) : IModelLoader
{
    private Instance? last;
    private long firstWrong;

    public string RuntimeVersion => inner.RuntimeVersion;

    /// <summary>When the first answer was wrong, as a timestamp.</summary>
    public long FirstWrong => Volatile.Read(ref firstWrong);

    public IModelInstance Load(string path) => last = new Instance(this, inner.Load(path));

    public void Turn() => last!.Fails = true;

    private sealed class Instance(Turncoat owner, IModelInstance inner) : IModelInstance
    {
        private volatile bool fails;

        public bool Fails
        {
            get => fails;
            set => fails = value;
        }

        public IReadOnlyList<TensorInfo> Inputs => inner.Inputs;

        public IReadOnlyList<TensorInfo> Outputs => inner.Outputs;

        public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

        public string Provider => inner.Provider;

        public string? ProviderFallbackReason => inner.ProviderFallbackReason;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
        {
            if (!Fails)
                return inner.Run(inputs);
            Interlocked.CompareExchange(ref owner.firstWrong, Stopwatch.GetTimestamp(), 0);
            throw new OnnxException("the accelerator went away");
        }

        public void Dispose() => inner.Dispose();
    }
}
