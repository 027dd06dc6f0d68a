using System.Net.Sockets;
using System.Text;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>
/// A model in a process of its own. A crash fails the calls that were in it; calls while the process is started again wait a little and then fail. What
/// crashes too often is Soak's to judge (<see cref="Crashes"/>).
/// </summary>
internal sealed class ChildInstance : IModelInstance
{
    private readonly ChildLife life;

    private ChildInstance(ChildLife life)
    {
        this.life = life;
        var hello = life.Hello;
        (Inputs, Outputs) = ([.. hello.Inputs.Select(t => t.ToInfo())], [.. hello.Outputs.Select(t => t.ToInfo())]);
        (Metadata, Provider, ProviderFallbackReason) = (hello.Metadata, hello.Provider, hello.ProviderFallback);
    }

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public string Provider { get; }

    public string? ProviderFallbackReason { get; }

    public bool LivesElsewhere => true;

    public int Crashes => life.Crashes;

    /// <inheritdoc cref="ChildLife.Renewals"/>
    public int Renewals => life.Renewals;

    public long? PeakBytes => life.PeakBytes;

    /// <summary>The process that it runs in now; null while there is none.</summary>
    public int? ProcessId => life.Now?.ProcessId;

    public static ChildInstance Start(ChildStart start) => new(new ChildLife(start));

    public void LimitMemory(long bytes) => life.LimitMemory(bytes);

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
    {
        var child = life.Enter();
        Frames? frames = null;
        try
        {
            frames = child.Rent();
            var to = frames.Begin();
            foreach (var input in inputs)
                ValueWire.Write(to, input);
            frames.Send(Frames.Run);
            var (kind, body) = frames.Receive();
            var outputs = kind == Frames.Done ? Read(body.Span) : null;
            var message = kind is Frames.Failed or Frames.CutShort ? Encoding.UTF8.GetString(body.Span) : "it answered what is no answer";
            child.GiveBack(frames);
            return outputs ?? throw (kind == Frames.CutShort ? new RunCutShortException(message) : new OnnxException(message));
        }
        catch (SocketException error)
        {
            frames?.Dispose();
            throw new OnnxException($"the model's process ended or kept silent while it was asked ({error.SocketErrorCode})", error);
        }
        finally
        {
            child.Leave();
        }
    }

    public void Expect(int callers)
    {
        try
        {
            life.Now?.Open(callers);
        }
        catch (SocketException)
        {
            // Whoever asks hears it.
        }
    }

    public void Dispose() => life.Dispose();

    private OnnxValue[] Read(ReadOnlySpan<byte> body)
    {
        var values = new OnnxValue[Outputs.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = ValueWire.Read(ref body, Outputs[i].Name);
        return values;
    }
}
