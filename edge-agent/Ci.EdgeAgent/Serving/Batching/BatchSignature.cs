using Ci.Onnx;

namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>Whether a model's signature lets requests be laid one behind the other along the first dimension.</summary>
internal static class BatchSignature
{
    public static bool Allows(InferenceCall call) => Open(call.Inputs) && Open(call.Outputs);

    /// <summary>The rows that all inputs of a request have; 0 where they differ, so that it cannot be joined.</summary>
    public static int Rows(InferenceCall call)
    {
        var rows = 0L;
        foreach (var value in call.Values)
        {
            if (rows != 0 && value!.Shape[0] != rows)
                return 0;
            rows = value!.Shape[0];
        }

        return rows is > 0 and <= int.MaxValue ? (int)rows : 0;
    }

    private static bool Open(IReadOnlyList<TensorInfo> tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Shape.Length == 0 || tensors[i].Shape[0] >= 0 || tensors[i].ElementType.SizeOf() == 0)
                return false;
        }

        return tensors.Count > 0;
    }
}
