using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Holds the shape that a request declares to the model's signature and to what the request really has.</summary>
internal static class TensorShape
{
    public const int MaxRank = 16;

    /// <summary>
    /// The number of elements, at most <paramref name="most"/> (in words: <paramref name="what"/>): a shape that means more than came is a lie
    /// that must not be allocated.
    /// </summary>
    public static int Check(TensorInfo declared, scoped ReadOnlySpan<long> shape, long most, string what)
    {
        // A declared rank of 0 may also mean that the model does not say its rank; then the run tells.
        var fits = declared.Shape.Length == 0 || shape.Length == declared.Shape.Length;
        for (var i = 0; fits && i < declared.Shape.Length; i++)
            fits = shape[i] >= 0 && (declared.Shape[i] < 0 || declared.Shape[i] == shape[i]);
        if (!fits)
            throw new InvalidRequestException($"the input {declared.Name} has the shape [{string.Join(',', declared.Shape)}], where -1 is any size; [{string.Join(',', shape.ToArray())}] does not fit");
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
                throw new InvalidRequestException($"the input {declared.Name}: a shape has sizes from 0, not {dimension}");
            if (dimension > 0 && count > most / dimension)
                throw new InvalidRequestException($"the input {declared.Name}: its shape means more elements than {what}");
            count *= dimension;
        }

        return (int)Math.Min(count, int.MaxValue);
    }
}
