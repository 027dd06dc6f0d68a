using System.Text.Json;

namespace Ci.Releases;

/// <summary>
/// Signed inputs and expected outputs (<c>golden.json</c>): a request and a response of the Open Inference Protocol v2, and a tolerance
/// per output. A generation must reproduce it on its device before it may serve.
/// </summary>
public sealed record GoldenSet
{
    public const string SchemaName = "mlops.golden/v1";

    public const int MaxDocumentBytes = 16 << 20;

    public string Schema { get; init; } = SchemaName;

    public required GoldenRequest Request { get; init; }

    public required GoldenResponse Response { get; init; }

    /// <summary>By output name. Only these outputs are compared; there is at least one.</summary>
    public required IReadOnlyDictionary<string, ToleranceValue> Tolerance { get; init; }

    /// <summary>Reads strictly.</summary>
    /// <exception cref="ReleaseRefusedException">golden-malformed.</exception>
    public static GoldenSet Read(ReadOnlySpan<byte> utf8)
    {
        var document = Documents.ParseObject(utf8, MaxDocumentBytes, RefusalCode.GoldenMalformed, "the golden set");
        var golden = Documents.Read(document, ReleasesJson.Default.GoldenSet, SchemaName, RefusalCode.GoldenMalformed, "the golden set");
        golden.Check();
        return golden;
    }

    public byte[] ToBytes()
    {
        Check();
        return Documents.Write(this, ReleasesJson.Default.GoldenSet);
    }

    /// <summary>The expected output of this name, or null where the golden set does not compare it.</summary>
    public GoldenTensor? Expected(string output) =>
        Tolerance.ContainsKey(output) ? Response.Outputs.FirstOrDefault(tensor => tensor.Name == output) : null;

    /// <summary>Compares numbers (booleans as 0 and 1) in row-major order; throws unless every one is within its tolerance.</summary>
    /// <returns>The largest absolute difference.</returns>
    /// <exception cref="ReleaseRefusedException">golden-mismatch or golden-nonfinite, naming output, index, both values.</exception>
    public double CheckNumbers(string output, ReadOnlySpan<long> shape, ReadOnlySpan<double> actual)
    {
        var expected = ExpectedOf(output, shape, actual.Length);
        var numbers = expected.Numbers();
        var tolerance = Tolerance[output];
        var exact = !Datatypes.IsFloating(expected.Datatype);
        var largest = 0.0;
        for (var i = 0; i < actual.Length; i++)
        {
            if (!double.IsFinite(actual[i]) && !(double.IsNaN(actual[i]) && double.IsNaN(numbers[i])))
                throw new ReleaseRefusedException(RefusalCode.GoldenNonfinite, $"output {Names.Quote(output)}[{i}] is {actual[i]}; expected {numbers[i]}");
            var difference = double.IsNaN(actual[i]) ? 0 : Math.Abs(actual[i] - numbers[i]);
            var allowed = exact ? 0 : tolerance.Absolute + (tolerance.Relative * Math.Abs(numbers[i]));
            // Written so that a NaN among the expected numbers is a mismatch.
            if (!(difference <= allowed))
            {
                throw new ReleaseRefusedException(
                    RefusalCode.GoldenMismatch,
                    $"output {Names.Quote(output)}[{i}] is {actual[i]:G9}; expected {numbers[i]:G9} within {allowed:G3}");
            }

            largest = Math.Max(largest, difference);
        }

        return largest;
    }

    /// <summary>Compares strings: each must be equal.</summary>
    /// <exception cref="ReleaseRefusedException">golden-mismatch.</exception>
    public void CheckTexts(string output, ReadOnlySpan<long> shape, IReadOnlyList<string> actual)
    {
        var expected = ExpectedOf(output, shape, actual.Count).Texts();
        for (var i = 0; i < expected.Length; i++)
        {
            if (!string.Equals(expected[i], actual[i], StringComparison.Ordinal))
            {
                throw new ReleaseRefusedException(
                    RefusalCode.GoldenMismatch, $"output {Names.Quote(output)}[{i}] is {Names.Quote(actual[i])}; expected {Names.Quote(expected[i])}");
            }
        }
    }

    private GoldenTensor ExpectedOf(string output, ReadOnlySpan<long> shape, int count)
    {
        var expected = Expected(output) ?? throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"the golden set expects no output {Names.Quote(output)}");
        if (!shape.SequenceEqual(expected.Shape.ToArray()) || count != expected.Data.GetArrayLength())
        {
            throw new ReleaseRefusedException(
                RefusalCode.GoldenMismatch,
                $"output {Names.Quote(output)} has shape [{string.Join(", ", shape.ToArray())}]; expected [{string.Join(", ", expected.Shape)}]");
        }

        return expected;
    }

    private void Check()
    {
        Need(Request.Inputs.Count > 0 && Response.Outputs.Count > 0, "it needs at least one input and one output");
        Need(Tolerance.Count > 0, "it compares no output: it would pass by default");
        foreach (var tensor in Request.Inputs.Concat(Response.Outputs))
            CheckTensor(tensor);
        Need(Distinct(Request.Inputs) && Distinct(Response.Outputs), "two tensors have the same name");
        foreach (var (output, value) in Tolerance)
        {
            Need(Response.Outputs.Any(tensor => tensor.Name == output), $"there is a tolerance for {Names.Quote(output)}, which is no output");
            Need(
                value is not null && double.IsFinite(value.Absolute) && value.Absolute >= 0 && double.IsFinite(value.Relative) && value.Relative >= 0,
                $"the tolerance of {Names.Quote(output)} is negative or not finite");
        }
    }

    private static void CheckTensor(GoldenTensor tensor)
    {
        Need(Datatypes.IsKnown(tensor.Datatype), $"{Names.Quote(tensor.Name)} has the unknown datatype {Names.Quote(tensor.Datatype)}");
        Need(tensor.Data.ValueKind == JsonValueKind.Array, $"{Names.Quote(tensor.Name)} has no data array");
        Need(tensor.Shape.Count <= 8 && tensor.Shape.All(size => size is >= 0 and < int.MaxValue), $"{Names.Quote(tensor.Name)} has an impossible shape");
        var size = tensor.Shape.Aggregate((Int128)1, (product, next) => Int128.Min(product * next, long.MaxValue));
        Need(size == tensor.Data.GetArrayLength(), $"{Names.Quote(tensor.Name)} has {tensor.Data.GetArrayLength()} values, its shape says {size}");
    }

    private static bool Distinct(IReadOnlyList<GoldenTensor> tensors) =>
        tensors.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count() == tensors.Count;

    private static void Need(bool holds, string otherwise)
    {
        if (!holds)
            throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"the golden set: {otherwise}");
    }
}
