using Ci.Onnx;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>What Shadow and Canary want to know of one call.</summary>
/// <param name="Failed">The model failed, or answered NaN or infinity to finite inputs.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Score">The first number of the last numeric output (of a classifier the probabilities): what drift is looked for in; NaN where there is none.</param>
internal readonly record struct CallFacts(bool Failed, double Milliseconds, double Score)
{
    public static CallFacts Of(IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue>? outputs, double milliseconds)
    {
        if (outputs is null)
            return new CallFacts(true, milliseconds, double.NaN);
        var failed = !AreFinite(outputs) && AreFinite(inputs);
        return new CallFacts(failed, milliseconds, ScoreOf(outputs));
    }

    /// <summary>Whether every floating element is a number.</summary>
    public static bool AreFinite(IReadOnlyList<OnnxValue> values)
    {
        foreach (var value in values)
        {
            if (value is null || !IsFinite(value))
                return false;
        }

        return true;
    }

    private static bool IsFinite(OnnxValue value) => value.Kind != OnnxValueKind.Tensor || value.Type switch
    {
        OnnxElementType.Float => !value.As<float>().ContainsAnyExceptInRange(float.MinValue, float.MaxValue),
        OnnxElementType.Double => !value.As<double>().ContainsAnyExceptInRange(double.MinValue, double.MaxValue),
        _ => true,
    };

    private static double ScoreOf(IReadOnlyList<OnnxValue> outputs)
    {

        for (var i = outputs.Count - 1; i >= 0; i--)
        {
            var output = outputs[i];
            if (output.Kind != OnnxValueKind.Tensor || output.Count == 0)
                continue;
            switch (output.Type)
            {
                case OnnxElementType.Float:
                    return output.As<float>()[0];
                case OnnxElementType.Double:
                    return output.As<double>()[0];
                case OnnxElementType.Int64:
                    return output.As<long>()[0];
                case OnnxElementType.Int32:
                    return output.As<int>()[0];
                default:
                    continue;
            }
        }

        return double.NaN;
    }
}
