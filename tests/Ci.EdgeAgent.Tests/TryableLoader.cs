using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests;

/// <summary>The real loader; what is loaded second and later can be told to misbehave, as a candidate would.</summary>
internal sealed class TryableLoader : IModelLoader
{
    private int loaded;

    public bool Fails { get; set; }

    public double SlowerMs { get; set; }

    public float Shift { get; set; }

    public string RuntimeVersion => Support.Runtime.Version;

    public int Loaded => loaded;

    public IModelInstance Load(string path)
    {
        var inner = new OnnxInstance(OnnxSession.Load(Support.Runtime, path));
        return new TryableInstance(this, inner, Interlocked.Increment(ref loaded) > 1);
    }

    private sealed class TryableInstance(TryableLoader owner, OnnxInstance inner, bool isCandidate) : IModelInstance
    {
        public IReadOnlyList<TensorInfo> Inputs => inner.Inputs;

        public IReadOnlyList<TensorInfo> Outputs => inner.Outputs;

        public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

        public string Provider => inner.Provider;

        public string? ProviderFallbackReason => inner.ProviderFallbackReason;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
        {
            if (!isCandidate)
                return inner.Run(inputs);
            if (owner.Fails)
                throw new OnnxException("the accelerator went away");
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < owner.SlowerMs;)
                Thread.Yield();
            var outputs = inner.Run(inputs);
            return owner.Shift == 0 ? outputs : [.. outputs.Select(Shifted)];
        }

        public void Dispose() => inner.Dispose();

        private OnnxValue Shifted(OnnxValue value) => value.Type == OnnxElementType.Float
            ? OnnxValue.Of(value.Name, [.. value.As<float>().ToArray().Select(v => v + owner.Shift)], value.Shape)
            : value;
    }
}
