using System.Text.Json;
using Ci.Onnx;
using Ci.Releases;
using Ci.Statistics;

namespace Ci.Cli;

/// <summary>Makes a golden set by running the model on rows of a table, and checks one against the model.</summary>
internal static class GoldenMaking
{
    /// <summary>Rows taken, evenly spaced, the first and the last among them.</summary>
    private const int Rows = 16;

    /// <summary>FP32 kernels differ between processors in the last few bits; a tree may not differ more, a damaged model does.</summary>
    private const double Relative = 1e-4;

    public static GoldenSet Of(OnnxSession session, string csv)
    {
        using var reader = new StreamReader(csv);
        var table = Table.ReadCsv(reader, csv);
        if (session.Inputs is not [{ ElementType: OnnxElementType.Float } input])
            throw new CliException($"a golden set can be made for a model with one FP32 input; this one has {string.Join(", ", session.Inputs)}: write it by hand and give --golden");
        var features = Features(session);
        var matrix = table.Matrix(features);
        var rows = Enumerable.Range(0, Math.Min(Rows, table.Rows)).Select(i => (int)((long)i * (table.Rows - 1) / Math.Max(1, Math.Min(Rows, table.Rows) - 1))).Distinct().ToArray();
        var chosen = rows.SelectMany(row => matrix.Skip(row * features.Count).Take(features.Count)).ToArray();
        long[] shape = [rows.Length, features.Count];
        var outputs = session.Run([OnnxValue.Of(input.Name, chosen, shape)]);
        var tensors = outputs.Where(output => output.Kind == OnnxValueKind.Tensor).Select(TensorOf).ToList();
        return new GoldenSet
        {
            Request = new GoldenRequest { Inputs = [GoldenTensor.OfNumbers(input.Name, Datatypes.Fp32, shape, Array.ConvertAll(chosen, value => (double)value))] },
            Response = new GoldenResponse { Outputs = tensors },
            Tolerance = tensors.ToDictionary(tensor => tensor.Name, ToleranceOf, StringComparer.Ordinal),
        };
    }

    /// <summary>Throws unless the model reproduces the golden set here.</summary>
    public static void Check(OnnxSession session, GoldenSet golden)
    {
        var inputs = session.Inputs.Select(input => ValueOf(golden.Request.Inputs.FirstOrDefault(tensor => tensor.Name == input.Name)
            ?? throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"the golden set has no input {Names.Quote(input.Name)}"))).ToList();
        var outputs = session.Run(inputs);
        foreach (var name in golden.Tolerance.Keys)
        {
            var output = outputs.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new ReleaseRefusedException(RefusalCode.InterfaceMismatch, $"the model has no output {Names.Quote(name)}, which the golden set expects");
            if (output.Type == OnnxElementType.String)
                golden.CheckTexts(name, output.Shape, output.Strings);
            else
                golden.CheckNumbers(name, output.Shape, output.ToDoubles());
        }
    }

    private static IReadOnlyList<string> Features(OnnxSession session)
    {
        const string key = "mlops.features";
        if (!session.Metadata.TryGetValue(key, out var json))
            throw new CliException($"the model does not say its features in the metadata {key} (as `mlops train` writes it): write the golden set by hand and give --golden");
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetString() ?? throw new JsonException("a name is null"))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CliException($"the model's metadata {key} is no JSON array of column names", inner: error);
        }
    }

    private static GoldenTensor TensorOf(OnnxValue value) => value.Type == OnnxElementType.String
        ? GoldenTensor.OfTexts(value.Name, value.Shape, value.Strings)
        : GoldenTensor.OfNumbers(
            value.Name, value.Type.ToDatatype() ?? throw new CliException($"output {value.Name} is of type {value.Type}, which no golden set can hold"), value.Shape, value.ToDoubles());

    private static ToleranceValue ToleranceOf(GoldenTensor tensor)
    {
        if (!Datatypes.IsFloating(tensor.Datatype))
            return new ToleranceValue { Absolute = 0, Relative = 0 };
        // Relative to the largest value: a small output of a large sum keeps the sum's rounding.
        var largest = tensor.Numbers().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new ToleranceValue { Absolute = Math.Max(1e-6, 1e-6 * largest), Relative = Relative };
    }

    private static OnnxValue ValueOf(GoldenTensor tensor)
    {
        long[] shape = [.. tensor.Shape];
        if (tensor.Datatype == Datatypes.Bytes)
            return OnnxValue.OfStrings(tensor.Name, tensor.Texts(), shape);
        var numbers = tensor.Numbers();
        return tensor.Datatype switch
        {
            "FP32" => OnnxValue.Of(tensor.Name, Array.ConvertAll(numbers, v => (float)v), shape),
            "FP64" => OnnxValue.Of(tensor.Name, numbers, shape),
            "INT64" => OnnxValue.Of(tensor.Name, Array.ConvertAll(numbers, v => (long)v), shape),
            "INT32" => OnnxValue.Of(tensor.Name, Array.ConvertAll(numbers, v => (int)v), shape),
            "UINT8" => OnnxValue.Of(tensor.Name, Array.ConvertAll(numbers, v => (byte)v), shape),
            "INT8" => OnnxValue.Of(tensor.Name, Array.ConvertAll(numbers, v => (sbyte)v), shape),
            "BOOL" => OnnxValue.Of(tensor.Name, Array.ConvertAll(numbers, v => v != 0), shape),
            _ => throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"a golden input of datatype {tensor.Datatype} cannot be checked here; give --skip-golden-check"),
        };
    }
}
