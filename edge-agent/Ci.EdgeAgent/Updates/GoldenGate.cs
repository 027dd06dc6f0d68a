using System.Buffers;
using System.Text.Json;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Status;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>
/// The proof that a generation must give on this device before it may serve: it reproduces its signed golden set within the signed
/// tolerances, answers only finite numbers, and keeps its limits of latency and memory. The golden request goes through the very decoder
/// and binding that live requests go through.
/// </summary>
internal static class GoldenGate
{
    private const int TimedRuns = 60;
    private static readonly TimeSpan TimedFor = TimeSpan.FromSeconds(2);

    public static GateProof Check(IModelInstance instance, Release release, GoldenSet golden, long residentBefore, TimeProvider time)
    {
        CheckInterface("input", release.Inputs, instance.Inputs);
        CheckInterface("output", release.Outputs, instance.Outputs);
        foreach (var named in release.Golden.Outputs.Where(o => golden.Expected(o.Name) is null))
            throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"the golden set compares no output {named.Name}, which the release names");
        using var call = Decode(instance, golden);
        var largest = Compare(call.Run(), golden, call.Values);
        var p95 = Latency(call, release.Limits.MaxP95LatencyMs, time);
        var memory = instance.PeakBytes ?? Math.Max(0, Environment.WorkingSet - residentBefore);
        if (release.Limits.MaxPeakMemoryBytes is { } limit && memory > limit)
            throw new ReleaseRefusedException(RefusalCode.MemoryLimit, $"loading and running it took {memory} bytes of memory; the signed limit is {limit}");
        return new GateProof(time.GetUtcNow(), golden.Tolerance.Count, largest, p95, memory);
    }

    /// <summary>Only the golden comparison: for a release that already passed the whole gate on this device.</summary>
    public static void Recheck(IModelInstance instance, GoldenSet golden)
    {
        using var call = Decode(instance, golden);
        Compare(call.Run(), golden, call.Values);
    }

    /// <summary>The golden request's inputs as this model takes them.</summary>
    public static IReadOnlyList<OnnxValue?> Inputs(IModelInstance instance, GoldenSet golden)
    {
        using var call = Decode(instance, golden);
        return [.. call.Values];
    }

    private static InferenceCall Decode(IModelInstance instance, GoldenSet golden)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("inputs"u8);
            foreach (var tensor in golden.Request.Inputs)
                Write(writer, tensor);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        var call = new InferenceCall(instance.Inputs, instance.Outputs, instance.NewCaller());
        try
        {
            InferenceRequestReader.Read(new ReadOnlySequence<byte>(buffer.WrittenMemory), call);
        }
        catch (InvalidRequestException error)
        {
            call.Dispose();
            throw new ReleaseRefusedException(RefusalCode.InterfaceMismatch, $"the golden request does not fit the model: {error.Message}", error);
        }

        return call;
    }

    private static void Write(Utf8JsonWriter writer, GoldenTensor tensor)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, tensor.Name);
        writer.WriteString("datatype"u8, tensor.Datatype);
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in tensor.Shape)
            writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WritePropertyName("data"u8);
        tensor.Data.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>The 95th percentile of a golden request in milliseconds.</summary>
    public static double P95Ms(IModelInstance instance, GoldenSet golden, TimeProvider time)
    {
        using var call = Decode(instance, golden);
        call.Run();
        return Measure(call, time);
    }

    private static double Compare(IReadOnlyList<OnnxValue> outputs, GoldenSet golden, IReadOnlyList<OnnxValue?> inputs)
    {
        // What the golden set does not compare must at least be a number.
        var others = outputs.Where(o => !golden.Tolerance.ContainsKey(o.Name)).ToList();
        if (!Rollouts.CallFacts.AreFinite(others) && Rollouts.CallFacts.AreFinite([.. inputs.OfType<OnnxValue>()]))
            throw new ReleaseRefusedException(RefusalCode.GoldenNonfinite, $"an output that the golden set does not compare ({string.Join(", ", others.Select(o => o.Name))}) is not finite");
        var largest = 0.0;
        foreach (var name in golden.Tolerance.Keys)
        {
            var output = outputs.FirstOrDefault(o => o.Name == name)
                ?? throw new ReleaseRefusedException(RefusalCode.InterfaceMismatch, $"the model gave no output {name}");
            if (output.Type == OnnxElementType.String)
                golden.CheckTexts(name, output.Shape, output.Strings);
            else
                largest = Math.Max(largest, golden.CheckNumbers(name, output.Shape, output.ToDoubles()));
        }

        return largest;
    }

    private static double Latency(InferenceCall call, double? limit, TimeProvider time)
    {
        // A device has other work too: one slow stretch is asked about once more before it condemns a model.
        var p95 = Measure(call, time);
        if (limit is { } first && p95 > first)
            p95 = Math.Min(p95, Measure(call, time));
        return limit is { } most && p95 > most
            ? throw new ReleaseRefusedException(RefusalCode.LatencyLimit, $"the 95th percentile of a golden request is {p95:G4} ms here; the signed limit is {most:G4} ms")
            : p95;
    }

    private static double Measure(InferenceCall call, TimeProvider time)
    {
        var began = time.GetTimestamp();
        var took = new List<double>(TimedRuns);
        while (took.Count < TimedRuns && (took.Count < 5 || time.GetElapsedTime(began) < TimedFor))
        {
            var start = time.GetTimestamp();
            call.Run();
            took.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }

        took.Sort();
        return took[(int)Math.Ceiling(took.Count * 0.95) - 1];
    }

    private static void CheckInterface(string what, IReadOnlyList<TensorSignature> signed, IReadOnlyList<TensorInfo> real)
    {
        var fits = signed.Count == real.Count && signed.Zip(real).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Datatype == pair.Second.Datatype && pair.First.Shape.SequenceEqual(pair.Second.Shape));
        if (!fits)
        {
            throw new ReleaseRefusedException(
                RefusalCode.InterfaceMismatch,
                $"the model's {what}s are {string.Join("; ", real)}; signed are {string.Join("; ", signed.Select(s => $"{s.Name}: {s.Datatype} [{string.Join(',', s.Shape)}]"))}");
        }
    }
}
