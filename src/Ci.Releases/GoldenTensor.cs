using System.Text.Json;

namespace Ci.Releases;

/// <summary>
/// A tensor as the Open Inference Protocol v2 writes it: data flat, in row-major order. In a floating tensor <c>null</c> means NaN (a
/// missing value); JSON has no other way to say it.
/// </summary>
public sealed record GoldenTensor
{
    public required string Name { get; init; }

    public required string Datatype { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>A flat array of numbers, booleans or strings.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>A tensor of numbers; NaN becomes null.</summary>
    public static GoldenTensor OfNumbers(string name, string datatype, IReadOnlyList<long> shape, ReadOnlySpan<double> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in values)
            {
                if (double.IsNaN(value))
                    writer.WriteNullValue();
                else if (Datatypes.IsFloating(datatype))
                    // A float's own shortest digits: reading them back as float gives the same bits.
                    WriteFloat(writer, datatype, value);
                else
                    writer.WriteNumberValue((long)value);
            }

            writer.WriteEndArray();
        }

        return new GoldenTensor { Name = name, Datatype = datatype, Shape = shape, Data = JsonElement.Parse(buffer.ToArray()) };
    }

    /// <summary>A tensor of strings (datatype BYTES).</summary>
    public static GoldenTensor OfTexts(string name, IReadOnlyList<long> shape, IReadOnlyList<string> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in values)
                writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        return new GoldenTensor { Name = name, Datatype = Datatypes.Bytes, Shape = shape, Data = JsonElement.Parse(buffer.ToArray()) };
    }

    /// <summary>The numbers, booleans as 0 and 1, null as NaN.</summary>
    /// <exception cref="ReleaseRefusedException">golden-malformed: text among the numbers.</exception>
    public double[] Numbers()
    {
        var numbers = new double[Data.GetArrayLength()];
        var i = 0;
        foreach (var item in Data.EnumerateArray())
        {
            numbers[i++] = item.ValueKind switch
            {
                JsonValueKind.Number => item.GetDouble(),
                JsonValueKind.True => 1,
                JsonValueKind.False => 0,
                JsonValueKind.Null when Datatypes.IsFloating(Datatype) => double.NaN,
                _ => throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"the golden set's {Names.Quote(Name)} holds something that is no number"),
            };
        }

        return numbers;
    }

    /// <summary>The strings of a BYTES tensor.</summary>
    /// <exception cref="ReleaseRefusedException">golden-malformed: something else among the strings.</exception>
    public string[] Texts() => [.. Data.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
        ? item.GetString()!
        : throw new ReleaseRefusedException(RefusalCode.GoldenMalformed, $"the golden set's {Names.Quote(Name)} holds something that is no string"))];

    private static void WriteFloat(Utf8JsonWriter writer, string datatype, double value)
    {
        if (datatype == Datatypes.Fp64)
            writer.WriteNumberValue(value);
        else
            writer.WriteNumberValue((float)value);
    }
}
