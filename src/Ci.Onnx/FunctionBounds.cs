using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>Local functions that call each other: ten of ten calls each are ten thousand million nodes once they are unfolded.</summary>
internal static class FunctionBounds
{
    private const long Unfinished = -1;

    public static void Check(ModelProto model, string name, ModelBounds bounds)
    {
        var functions = model.Functions.GroupBy(f => (ModelInspection.Domain(f.Domain), f.Name)).ToDictionary(g => g.Key, g => g.First());
        var sizes = new Dictionary<(string, string), long>();
        var total = ModelTensors.Graphs(model).SelectMany(g => g.Node).Aggregate(0L, (sum, node) => Add(sum, SizeOf(node, 0)));
        if (total > bounds.Nodes)
            throw new UnsafeModelException(false, $"{name} has more than {bounds.Nodes} nodes once its functions are unfolded");

        long SizeOf(NodeProto node, int depth)
        {
            var key = (ModelInspection.Domain(node.Domain), node.OpType);
            if (!functions.TryGetValue(key, out var function))
                return 1;
            if (sizes.TryGetValue(key, out var known))
                return known != Unfinished ? known : throw new UnsafeModelException(false, $"{name}: the function '{function.Name}' calls itself");
            if (depth > 64)
                throw new UnsafeModelException(false, $"{name}: functions call each other more than 64 deep");
            sizes[key] = Unfinished;
            var size = function.Node.Aggregate(1L, (sum, inner) => Add(sum, SizeOf(inner, depth + 1)));
            sizes[key] = size;
            return size;
        }
    }

    private static long Add(long a, long b) => Math.Min(long.MaxValue / 4, a + b);
}
