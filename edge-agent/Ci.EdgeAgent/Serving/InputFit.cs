using Ci.Onnx;

namespace Ci.EdgeAgent.Serving;

/// <summary>Whether inputs fit a model's signature, and so whose fault it is when they do not run: a caller's mistake must never roll a model back.</summary>
internal static class InputFit
{
    /// <summary>What is wrong with inputs that were not decoded against the signature; null where they fit.</summary>
    public static string? Problem(IReadOnlyList<TensorInfo> declared, IReadOnlyList<OnnxValue?> given)
    {
        if (given.Count != declared.Count)
            return $"it has {declared.Count} inputs ({string.Join("; ", declared)}); {given.Count} were given";
        for (var i = 0; i < declared.Count; i++)
        {
            if (given[i] is not { } value)
                return $"it takes {declared[i]}; null was given";
            if (!Fits(declared[i], value))
                return $"it takes {declared[i]}, where -1 is any size; {(value.Name.Length > 0 ? value.Name + ": " : "")}{value.Type} [{string.Join(',', value.Shape)}] was given";
        }

        return null;
    }

    /// <summary>
    /// What may have made a run fail that is the caller's to mend: sizes that the signature calls by one name and that differ, or no elements at all.
    /// Known only afterwards, because many a model names its sizes loosely and runs all the same. Null where only the model is left to blame.
    /// </summary>
    public static string? Blame(IReadOnlyList<TensorInfo> declared, IReadOnlyList<OnnxValue?> given)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < declared.Count && i < given.Count; i++)
        {
            if (given[i] is not { } value)
                continue;
            if (value.Shape.Contains(0))
                return $"the input {declared[i].Name} has no elements ([{string.Join(',', value.Shape)}])";
            // A rank of 0 may also mean that the model does not say its rank.
            if (declared[i].Shape.Length != value.Shape.Length)
                return $"the input {declared[i].Name} has the shape [{string.Join(',', value.Shape)}]";
            for (var d = 0; d < value.Shape.Length; d++)
            {
                var symbol = declared[i].SymbolicDimensions[d];
                if (symbol.Length > 0 && !sizes.TryAdd(symbol, value.Shape[d]) && sizes[symbol] != value.Shape[d])
                    return $"the size '{symbol}' is {sizes[symbol]} and {value.Shape[d]} ({string.Join("; ", declared)})";
            }
        }

        return null;
    }

    private static bool Fits(TensorInfo declared, OnnxValue value)
    {
        var fits = value.Kind == OnnxValueKind.Tensor && value.Type == declared.ElementType
            && (value.Name.Length == 0 || value.Name == declared.Name)
            && (declared.Shape.Length == 0 || declared.Shape.Length == value.Shape.Length);
        for (var d = 0; fits && d < declared.Shape.Length; d++)
            fits = declared.Shape[d] < 0 || declared.Shape[d] == value.Shape[d];
        return fits;
    }
}
