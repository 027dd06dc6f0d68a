using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>One request that waits for its batch. While it waits its caller may still give up; once its run has begun, the run owns its tensors until it answers.</summary>
internal sealed class PendingCall(Batcher owner, Generation generation, InferenceCall call, int rows, long since)
{
    private readonly TaskCompletionSource<IReadOnlyList<OnnxValue>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Batcher Owner { get; } = owner;

    public Generation Generation { get; } = generation;

    public InferenceCall Call { get; } = call;

    public int Rows { get; } = rows;

    /// <summary>When it began to wait, as a timestamp.</summary>
    public long Since { get; } = since;

    public Task<IReadOnlyList<OnnxValue>> Answer => answer.Task;

    public void Complete(IReadOnlyList<OnnxValue> outputs) => answer.TrySetResult(outputs);

    public void Fail(Exception error) => answer.TrySetException(error);

    /// <summary>Whether both may go into one run: one model, and the same shapes but for the rows.</summary>
    public bool Joins(PendingCall other)
    {
        var fits = ReferenceEquals(Generation, other.Generation);
        for (var i = 0; fits && i < Call.Values.Length; i++)
            fits = Call.Values[i]!.Shape.AsSpan(1).SequenceEqual(other.Call.Values[i]!.Shape.AsSpan(1));
        return fits;
    }
}
