using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>
/// Several requests in one run. Where the joined run fails, or the model does not answer one row a row after all, each runs alone: nobody
/// fails for what came along with him.
/// </summary>
internal sealed class JoinedRun
{
    private const int KeptBytes = 64 * 1024;
    private readonly Dictionary<int, OnnxValue[]> kept = [];
    private object? keptFor;

    /// <summary>Answers every one of them; throws nothing. True where they really ran as one.</summary>
    public bool Run(IReadOnlyList<PendingCall> batch)
    {
        if (batch.Count == 1 || !TryJoined(batch))
        {
            foreach (var pending in batch)
                Alone(pending);
            return false;
        }

        foreach (var pending in batch)
            pending.Complete(pending.Call.Parts);
        return true;
    }

    private static void Alone(PendingCall pending)
    {
        try
        {
            pending.Complete(pending.Call.Run());
        }
        catch (Exception error)
        {
            // Whatever it is, it is that one caller's to hear.
            pending.Fail(error);
        }
    }

    private bool TryJoined(IReadOnlyList<PendingCall> batch)
    {
        var generation = batch[0].Generation;
        var joint = generation.RentCall();
        var watch = generation.Watch;
        var began = watch?.Time.GetTimestamp() ?? 0;
        try
        {
            joint.Reset();
            var rows = Fill(joint, batch);
            var isSplit = Split(joint.RunJoined(), batch, rows);
            if (isSplit)
                Tell(watch, batch, began, answered: true);
            return isSplit;
        }
        catch (RunCutShortException late)
        {
            // Alone they would take as long again, one after the other, and others wait.
            Tell(watch, batch, began, answered: false);
            foreach (var pending in batch)
                pending.Fail(late);
            return true;
        }
        catch (Exception)
        {
            // Each runs alone then, and hears for himself what is wrong.
            return false;
        }
        finally
        {
            Array.Clear(joint.Values);
            generation.ReturnCall(joint);
        }
    }

    /// <summary>Each request was one call, whoever it shared the run with; all of them waited for the whole of it.</summary>
    private static void Tell(ICallWatch? watch, IReadOnlyList<PendingCall> batch, long began, bool answered)
    {
        if (watch is null)
            return;
        var milliseconds = watch.Time.GetElapsedTime(began).TotalMilliseconds;
        foreach (var pending in batch)
            watch.Ran(pending.Generation, pending.Call.Values!, answered ? pending.Call.Parts : null, milliseconds);
    }

    private int Fill(InferenceCall joint, IReadOnlyList<PendingCall> batch)
    {
        var rows = 0;
        foreach (var pending in batch)
            rows += pending.Rows;
        var values = Values(batch[0], rows);
        for (var i = 0; i < values.Length; i++)
        {
            var at = values[i].Bytes;
            foreach (var pending in batch)
            {
                var part = pending.Call.Values[i]!.Bytes;
                part.CopyTo(at);
                at = at[part.Length..];
            }

            joint.Values[i] = values[i];
        }

        return rows;
    }

    /// <summary>Blank inputs for so many rows, kept for the next batch of the same size while they are small.</summary>
    private OnnxValue[] Values(PendingCall first, int rows)
    {
        if (!ReferenceEquals(keptFor, first.Generation))
        {
            kept.Clear();
            keptFor = first.Generation;
        }

        if (kept.TryGetValue(rows, out var values) && Fits(values, first))
            return values;
        values = new OnnxValue[first.Call.Values.Length];
        var bytes = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = OnnxValue.Blank(first.Call.Inputs[i].Name, first.Call.Inputs[i].ElementType, [rows, .. first.Call.Values[i]!.Shape.AsSpan(1)]);
            bytes += values[i].Bytes.Length;
        }

        if (bytes <= KeptBytes)
            kept[rows] = values;
        return values;
    }

    private static bool Fits(OnnxValue[] values, PendingCall first)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].Shape.AsSpan(1).SequenceEqual(first.Call.Values[i]!.Shape.AsSpan(1)))
                return false;
        }

        return true;
    }

    private static bool Split(IReadOnlyList<OnnxValue> outputs, IReadOnlyList<PendingCall> batch, int rows)
    {
        foreach (var output in outputs)
        {
            if (output.Kind != OnnxValueKind.Tensor || output.Shape.Length == 0 || output.Shape[0] != rows || output.Type.SizeOf() == 0)
                return false;
        }

        var first = 0;
        foreach (var pending in batch)
        {
            for (var i = 0; i < outputs.Count; i++)
                pending.Call.TakePart(i, outputs[i], first, pending.Rows);
            first += pending.Rows;
        }

        return true;
    }
}
