namespace Ci.Onnx.Native;

/// <summary>Settles the shapes of a binding: from the model, from the caller, and for outputs from one run on zeros.</summary>
internal static class BindingShapes
{
    public static (BindingBuffer[] Inputs, BindingBuffer[] Outputs) Resolve(
        OnnxSession session, int batch, IReadOnlyDictionary<string, long[]>? shapes)
    {
        foreach (var info in session.Inputs.Concat(session.Outputs))
            MustBeBindable(session, info);
        if (shapes?.Keys.FirstOrDefault(name => session.Inputs.All(i => i.Name != name)) is { } unknown)
            throw new OnnxException($"{session.Name} has no input '{unknown}'; it has {string.Join("; ", session.Inputs)}");
        var inputs = session.Inputs.Select(info => Input(session, info, batch, shapes?.GetValueOrDefault(info.Name))).ToArray();

        // A declared rank of 0 may mean a scalar or an unknown rank; and a dynamic dimension may be anything. One run tells.
        var isOpen = session.Outputs.Any(o => o.Shape.Length == 0 || o.Shape.Skip(1).Any(d => d < 0));
        var probed = isOpen ? Probe(session, inputs) : null;
        var outputs = session.Outputs
            .Select((info, i) => Output(info, batch, probed is null ? info.Shape : probed[i], inputs))
            .ToArray();
        return (inputs, outputs);
    }

    private static void MustBeBindable(OnnxSession session, TensorInfo info)
    {
        if (info.Kind != OnnxValueKind.Tensor || info.ElementType.SizeOf() == 0)
            throw new OnnxException($"{session.Name}: {info} cannot be bound to fixed memory; use Run");
    }

    private static BindingBuffer Input(OnnxSession session, TensorInfo info, int batch, long[]? given)
    {
        var shape = (given ?? info.Shape).ToArray();
        var batched = shape.Length > 0 && shape[0] < 0;
        if (batched)
            shape[0] = batch;
        return shape.All(d => d >= 0)
            ? new BindingBuffer(info.ElementType, shape, batched)
            : throw new OnnxException($"{session.Name}: {info} has dynamic dimensions beyond the first; give its whole shape to Bind");
    }

    private static BindingBuffer Output(TensorInfo info, int batch, long[] known, BindingBuffer[] inputs)
    {
        var shape = known.ToArray();
        var batched = shape.Length > 0 && Array.Exists(inputs, i => i.Batched)
            && (info.Shape.Length > 0 ? info.Shape[0] < 0 : shape[0] == batch);
        if (batched || (shape.Length > 0 && shape[0] < 0))
            shape[0] = batch;
        return new BindingBuffer(info.ElementType, shape, batched);
    }

    private static long[][] Probe(OnnxSession session, BindingBuffer[] inputs)
    {
        var zeros = inputs.Select((buffer, i) => OnnxValue.Tensor(
            session.Inputs[i].Name,
            buffer.Type,
            ElementTypes.NewArray(buffer.Type, buffer.Bytes / buffer.Type.SizeOf()),
            buffer.Shape));
        return [.. session.Run([.. zeros]).Select(o => o.Shape)];
    }
}
