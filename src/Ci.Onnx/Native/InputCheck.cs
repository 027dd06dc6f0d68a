namespace Ci.Onnx.Native;

/// <summary>Says what is wrong with a call's inputs in the words of the caller, before ONNX Runtime does in its own.</summary>
internal static class InputCheck
{
    public static void Check(OnnxSession session, IReadOnlyList<OnnxValue> inputs)
    {
        if (inputs.Count != session.Inputs.Count)
            throw new OnnxException($"{session.Name} takes {session.Inputs.Count} inputs ({string.Join("; ", session.Inputs)}), but {inputs.Count} were given");
        for (var i = 0; i < inputs.Count; i++)
        {
            if (Problem(session.Inputs[i], inputs[i]) is { } problem)
                throw new OnnxException($"{session.Name}, input {i}: {problem}");
        }
    }

    private static string? Problem(TensorInfo declared, OnnxValue given)
    {
        if (declared.Kind != OnnxValueKind.Tensor || given.Kind != OnnxValueKind.Tensor)
            return $"'{declared.Name}' is a {declared.Kind}; only tensors can be passed in";
        if (given.Name.Length > 0 && given.Name != declared.Name)
            return $"expected '{declared.Name}', got '{given.Name}'; pass the inputs in their declared order";
        if (given.Type != declared.ElementType)
            return $"'{declared.Name}' takes {declared.ElementType} elements, got {given.Type}";

        // A declared rank of 0 may also mean that the rank is unknown.
        if (declared.Shape.Length == 0)
            return null;
        var fits = declared.Shape.Length == given.Shape.Length
            && declared.Shape.Zip(given.Shape).All(pair => pair.First < 0 || pair.First == pair.Second);
        return fits ? null : $"'{declared.Name}' takes the shape [{string.Join(',', declared.Shape)}], got [{string.Join(',', given.Shape)}]";
    }
}
